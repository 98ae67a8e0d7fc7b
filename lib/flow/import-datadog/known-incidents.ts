import { comparableName } from '../../domain/catalog/names.ts';
import { mappedName } from '../../domain/incident/mapped-name.ts';
import type { IncidentReport } from '../../domain/incident-report/incident-report.ts';
import { importedSource } from '../../domain/subject/imported-source.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import { incidentsOfDay, openIncidents } from '../../store/incidents/by-day.ts';

export type Known = (report: IncidentReport) => boolean;

const dayMs = 86_400_000;
const queriesAtOnce = 16;

/**
 * Which failures the bridge knows under another id: Datadog's own PagerDuty source, and whoever reports to both, tell
 * of the same incident. It is the same if it began in the same second, is of one of the same services, else of the same
 * team, and of no other environment: two of one service in one second Datadog itself does not tell apart. Who names no
 * environment may mean any. `envNames`: what the configuration calls environments, as the rows have them.
 */
export async function knownIncidents(
  store: Store,
  fromMs: number,
  nowMs: number,
  envNames?: Record<string, string>,
): Promise<Known> {
  const days: string[] = [];
  for (let at = fromMs; at < nowMs + 2 * dayMs; at += dayMs)
    days.push(new Date(at).toISOString().slice(0, 10));
  const ended = (await inParallel(days, queriesAtOnce, (day) => incidentsOfDay(store, day))).flat();
  const known = new Map<string, Set<string | undefined>>();
  for (const { facts } of [...ended, ...(await openIncidents(store))]) {
    // What an earlier import brought is found by its id.
    if (facts.source === importedSource) continue;
    for (const key of keysOf(facts.started_at, facts.services, facts.team))
      known.set(key, (known.get(key) ?? new Set()).add(envOf(facts.env)));
  }
  return ({ started_at, services, team, env }) => {
    const named = env === undefined ? undefined : (mappedName(envNames, env) ?? env);
    return keysOf(started_at, services, team).some((key) => isAmong(envOf(named), known.get(key)));
  };
}

const envOf = (env: unknown): string | undefined =>
  typeof env === 'string' ? (comparableName(env) ?? env) : undefined;

const isAmong = (env: string | undefined, envs: ReadonlySet<string | undefined> | undefined): boolean =>
  envs !== undefined && (env === undefined || envs.has(env) || envs.has(undefined));

function keysOf(startedAt: unknown, services: unknown, team: unknown): string[] {
  const second = String(startedAt).slice(0, 19);
  const names = Array.isArray(services) ? services.map(String) : [];
  if (names.length > 0) return names.map((name) => `${second} service ${comparableName(name) ?? name}`);
  return typeof team === 'string' ? [`${second} team ${comparableName(team) ?? team}`] : [];
}
