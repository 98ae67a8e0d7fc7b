import { isConcerned } from '../../domain/links/concerned.ts';
import type { Suffering } from '../../domain/links/facts.ts';
import { toleranceMs } from '../../domain/links/remediation.ts';
import { isSameCommit } from '../../domain/links/rules/named.ts';
import { iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { serviceEnvOf } from '../../store/deployments/service-env.ts';
import { type IncidentFacts, incidentsOfDay, openIncidents } from '../../store/incidents/by-day.ts';
import { type LinkDeps, windowOf } from './deps.ts';
import { measuredIncident, sufferingOf } from './measured-incident.ts';

/** What decides which incidents a deployment may have caused, or put right. Times in epoch milliseconds. */
export interface Concern {
  id: string;
  service: string;
  team: string | undefined;
  env: string | undefined;
  begunAtMs: number;
  finishedAtMs: number | undefined;
  version: string | undefined;
  commitSha: string | undefined;
  /** Incidents that are laid to it. */
  caused: readonly string[];
}

const dayMs = 86_400_000;
const queriesAtOnce = 16;

/**
 * The incidents whose cause or remediation may be another one because of this deployment, by their ids: those that are
 * laid to it, and those that could be. Costs what the days since it began cost. The index may be behind; who asks has
 * to ask again.
 */
export async function concernedIncidents(deps: LinkDeps, concern: Concern): Promise<string[]> {
  const { store, clock } = deps;
  const known = await endedSince(store, concern.begunAtMs - toleranceMs, clock.now());
  const found = known.filter(({ id, facts }) => isAffected(deps, concern, id, facts)).map(({ id }) => id);
  return [...new Set([...concern.caused, ...found])];
}

function isAffected(deps: LinkDeps, concern: Concern, id: string, facts: IncidentFacts): boolean {
  const measured = measuredIncident(id, facts);
  if (!measured) return false;
  const suffering = sufferingOf(measured, facts);
  const { service_env, remediation_id } = (facts.cause_deployment ?? {}) as Row;
  if ([facts.cause_deployment_id, remediation_id, suffering.deploymentId].includes(concern.id)) return true;
  if (service_env === serviceEnvOf(concern.service, concern.env) && mayHaveEnded(concern, suffering))
    return true;
  const { service, env, team } = concern;
  if (!isConcerned(suffering, { id: concern.id, service, env, team, status: 'succeeded' })) return false;
  return mayHaveBegun(concern, suffering, windowOf(deps.config)) || isNamed(concern, suffering);
}

/** Whatever its status: that may have changed since the incident was judged. */
function mayHaveBegun(
  { begunAtMs, finishedAtMs }: Concern,
  { startedAtMs }: Suffering,
  windowMs: number,
): boolean {
  return begunAtMs <= startedAtMs && startedAtMs - (finishedAtMs ?? begunAtMs) <= windowMs;
}

function mayHaveEnded({ finishedAtMs }: Concern, { startedAtMs, finishedAtMs: endMs }: Suffering): boolean {
  if (finishedAtMs === undefined || finishedAtMs <= startedAtMs) return false;
  return finishedAtMs <= (endMs ?? Infinity) + toleranceMs;
}

function isNamed({ version, commitSha }: Concern, suffering: Suffering): boolean {
  if (version !== undefined && version === suffering.version) return true;
  if (commitSha === undefined || suffering.commitSha === undefined) return false;
  return isSameCommit(commitSha, suffering.commitSha);
}

async function endedSince(store: Store, fromMs: number, nowMs: number) {
  const days: string[] = [];
  // What is dated up to a day ahead of this machine's clock counts too.
  for (let at = fromMs; at < nowMs + 2 * dayMs; at += dayMs) days.push(iso(at).slice(0, 10));
  const [open, ended] = await Promise.all([
    openIncidents(store),
    inParallel(days, queriesAtOnce, (day) => incidentsOfDay(store, day)),
  ]);
  return [...open, ...ended.flat()];
}
