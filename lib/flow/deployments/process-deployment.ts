import { causedBy, changeFailureOf, windowEndMs } from '../../domain/deployment/caused.ts';
import { compared, type Deployment, placeInTime } from '../../domain/deployment/deployment.ts';
import { foldDeployment, type Told } from '../../domain/deployment/fold-deployment.ts';
import { leadTimeOf } from '../../domain/deployment/lead-time/ask.ts';
import { type Entry, readEntry } from '../../domain/deployment/read-entries.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { deployment as kind } from '../../domain/subject/deployment.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { readDeployment, writeDeployment } from '../../store/deployments/deployments.ts';
import { serviceEnvOf } from '../../store/deployments/service-env.ts';
import { type DueEvent, readLog } from '../../store/events/events.ts';
import type { Concern } from '../links/concerned-incidents.ts';
import { windowOf } from '../links/deps.ts';
import { type Attribution, attribute } from './attribute.ts';
import { decide, leave } from './decide.ts';
import { deploymentRow, toldBefore } from './deployment-row.ts';
import type { DeploymentDeps } from './deps.ts';
import { freezeDeployment, mark, takeOver } from './freeze-deployment.ts';
import { gitHostsOf, type LeadTimeWish, wishOf } from './lead-time-wish.ts';
import { tellParts } from './split.ts';

export interface ProcessedDeployment {
  /** The events that are settled with this, once what they owe is sent or marked. */
  settled: DueEvent[];
  /** Nobody has reported a deployment of this id. */
  unknown: boolean;
  /** Other deployments that are to be judged anew because of this one. */
  outdated: string[];
  /** What a git host is to be asked, so that its lead time is known. */
  wish?: LeadTimeWish | undefined;
  /** What decides whether an incident is its; absent where it is of no service. */
  concerns?: Concern;
  /** When it is to be looked at again although nothing was told of it. */
  againAtMs?: number;
}

const tries = 10;

/**
 * Works out what one deployment is and what it owes: read its log, fold it, find whose it is, decide what it is among
 * the others of its service and env, freeze what is to be told, write its row. Sends nothing. Safe in any number at
 * any time: what must be one is decided by conditional writes (the state row, the sequence, the row's revision), and
 * whoever comes too late begins anew.
 */
export async function processDeployment(
  deps: DeploymentDeps,
  id: string,
  claim: Claim,
): Promise<ProcessedDeployment> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const row = await readDeployment(deps.store, id);
    const events = await readLog(deps.store, kind.key(id));
    const processed = await processOnce(deps, id, row, events, claim);
    if (processed) return processed;
  }
  throw new Error(`deployment ${id} is being changed by others all the time`);
}

async function processOnce(
  deps: DeploymentDeps,
  id: string,
  row: Row | undefined,
  events: LoggedEvent[],
  claim: Claim,
): Promise<ProcessedDeployment | undefined> {
  const settled = events.flatMap(({ incidentId, logKey, dueAt }) =>
    dueAt ? [{ incidentId, logKey, dueAt }] : [],
  );
  const read = events.flatMap((event) => {
    const entry = readEntry(event);
    return entry ? [[event, entry] as const] : [];
  });
  const told = fold(
    read.map(([, entry]) => entry),
    events.length,
    row,
  );
  const last = newest(events);
  if (!told || !last) return { settled, unknown: true, outdated: [] };

  const found = await attribute(deps, told, row);
  const { settleMs } = settingsOf(deps);
  const outdated: string[] = [];
  const deployment = await deploymentOf(deps, id, told, found, read);
  const { service, env } = deployment;
  const before = typeof row?.['service_env'] === 'string' ? row['service_env'] : undefined;
  const serviceEnv = service === undefined ? undefined : serviceEnvOf(service, env);
  const mine = { ...compared(deployment), read: events.length };
  const decision = serviceEnv === undefined ? undefined : await decide(deps, serviceEnv, mine, settleMs);
  if (decision === 'stale') return undefined;
  if (decision) {
    deployment.verdict = decision.verdict;
    outdated.push(...decision.outdated);
  }
  const now = deps.clock.now();
  const windowMs = windowOf(deps.config);
  deployment.change_failure = changeFailureOf(told, deployment.verdict, windowMs, now);
  const { sent, ...over } = await takeOver(deps, id, row, last, claim);
  // Held without a mark, it is found by its row; once that says it no longer is, a mark is all that finds it.
  const isReleased = row?.['held'] !== undefined && service !== undefined && settled.length === 0;
  const marked = over.marked ?? (isReleased ? await mark(deps, last) : undefined);
  if (marked) settled.push(marked);
  const frozen = await freezeDeployment(
    deps,
    deployment,
    sent,
    marked ? { ...last, ...marked } : last,
    claim,
  );
  if (frozen === 'again') return undefined;
  if (frozen !== 'told') settled.push(frozen);
  const leadTime = leadTimeOf(deployment, gitHostsOf(deps.config), deps.clock.now());
  const attributes = deploymentRow(deps, deployment, {
    mine: decision?.mine,
    judgedBy: found.judgedBy,
    leadTime,
    sent,
    eventCount: Math.max(events.length, Number(row?.['event_count'] ?? 0)),
  });
  const split = deployment.split_into === undefined ? {} : { split_services: found.services };
  if (!(await writeDeployment(deps.store, id, row, { ...attributes, ...split }))) return undefined;
  if (before !== undefined && before !== serviceEnv) {
    outdated.push(...(await leave(deps, before, { id, at: String(row?.['at']) }, settleMs)));
  }
  if (attributes['held'] && !row?.['held']) {
    deps.telemetry.metric('DeploymentsHeld', 1);
    deps.telemetry.info('deployment is held: nobody knows its service', {
      deployment_id: id,
      reason: found.explanation,
    });
  }
  const againAtMs = lookAgainAtMs(told, windowMs, now);
  const { team } = deployment;
  const concerns = service === undefined ? undefined : concernOf(id, { service, env, team }, told);
  return {
    settled,
    unknown: false,
    outdated,
    wish: wishOf(deployment, leadTime),
    ...(concerns && { concerns }),
    ...(concerns && againAtMs !== undefined && { againAtMs }),
  };
}

async function deploymentOf(
  deps: DeploymentDeps,
  id: string,
  told: Told,
  { services, team, env, explanation, inDatadog }: Attribution,
  events: readonly (readonly [LoggedEvent, Entry])[],
): Promise<Deployment> {
  const [service, ...others] = services;
  const base: Deployment = { id, told, team, env, inDatadog, service_explanation: explanation };
  if (others.length === 0) return { ...base, service };
  return { ...base, split_into: await tellParts(deps, id, services, events) };
}

/** Where the beginning of the log has expired, what the row knows stands, and what is left is told on top of it. */
function fold(entries: readonly Entry[], count: number, row: Row | undefined): Told | undefined {
  if (row === undefined) return foldDeployment(entries);
  const { received_at: first } = (row['facts'] ?? {}) as Row;
  const beginsThere = entries.some(({ kind, receivedAt }) => kind === 'reported' && receivedAt === first);
  const isCutShort = !beginsThere || count < Number(row['event_count'] ?? 0);
  return foldDeployment(entries, isCutShort ? toldBefore(row) : undefined);
}

/** The index of incidents may be behind by so much. */
const indexLagMs = 5 * 60_000;

/** Once the index shows what came at the same time, and once no incident can be laid to it for its time any more. */
function lookAgainAtMs(told: Told, windowMs: number, nowMs: number): number | undefined {
  const shownMs = Date.parse(told.last_received_at) + indexLagMs;
  if (nowMs < shownMs) return shownMs;
  const endMs = told.deleted_at === undefined ? windowEndMs(told, windowMs) : undefined;
  return endMs !== undefined && nowMs <= endMs ? endMs + 1 : undefined;
}

function concernOf(
  id: string,
  of: { service: string; env: string | undefined; team: string | undefined },
  told: Told,
): Concern {
  return {
    id,
    ...of,
    begunAtMs: Date.parse(told.started_at ?? placeInTime(told)),
    finishedAtMs: told.finished_at === undefined ? undefined : Date.parse(told.finished_at),
    version: told.version,
    commitSha: told.commit_sha,
    caused: causedBy(told),
  };
}

export function settingsOf({ config }: Pick<DeploymentDeps, 'config'>): { settleMs: number } {
  return { settleMs: (config.ingest?.settle_minutes ?? 15) * 60_000 };
}

/** The event that was received last: what is frozen now is frozen because of it. */
function newest(events: readonly LoggedEvent[]): LoggedEvent | undefined {
  return [...events]
    .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0))
    .at(-1);
}
