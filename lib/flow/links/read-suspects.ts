import type { Suffering, Suspect } from '../../domain/links/facts.ts';
import { toleranceMs } from '../../domain/links/remediation.ts';
import { longestUnderWayMs } from '../../domain/links/rules/time.ts';
import { iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { deploymentsOf, deploymentsOfDay, openDeployments } from '../../store/deployments/by-day.ts';
import { readDeployment } from '../../store/deployments/deployments.ts';
import { recentlyDecided, stateName } from '../../store/deployments/recent.ts';
import { serviceEnvOf } from '../../store/deployments/service-env.ts';
import { readState } from '../../store/state/state.ts';
import { type LinkDeps, windowOf } from './deps.ts';
import { decidedDeployment, knownDeployment } from './known-deployment.ts';

const dayMs = 86_400_000;
const queriesAtOnce = 8;

/**
 * All deployments that an incident's link and remediation can depend on, and no more than that: what its services (its
 * team, if it has none) had deployed around it, and the one it names with what came after. What was decided within the
 * last hour is read consistently, so that who comes after a deployment's decision cannot miss it.
 */
export async function readSuspects(deps: LinkDeps, incident: Suffering): Promise<Suspect[]> {
  const { store } = deps;
  const { services, env, person, deploymentId } = incident;
  const named = person === undefined ? deploymentId : (person.deploymentId ?? undefined);
  const own = named === undefined ? undefined : await readOne(store, named);
  // What names a commit or a version may be laid to one of any age.
  const anyAge = incident.commitSha !== undefined || incident.version !== undefined;
  const places = services.map((service) => ({ service, env }));
  if (own?.service !== undefined) places.push({ service: own.service, env: own.env });
  const unique = [
    ...new Map(places.map((place) => [serviceEnvOf(place.service, place.env), place])).values(),
  ];
  const span = spanOf(deps, incident);
  const found = await inParallel(unique, queriesAtOnce, (place) => ofPlace(deps, place, anyAge, span));
  const ofTeam = services.length === 0 && incident.team !== undefined ? await ofDays(deps, incident) : [];
  const all = [...ofTeam, ...(own ? [own] : []), ...found.flat()];
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

/** From when on a deployment may be to blame to when one may have put it right. Epoch milliseconds. */
function spanOf({ clock, config }: LinkDeps, { startedAtMs, finishedAtMs }: Suffering) {
  const endMs = (finishedAtMs ?? clock.now() + dayMs) + toleranceMs;
  return {
    fromMs: startedAtMs - windowOf(config),
    toMs: Math.max(startedAtMs + longestUnderWayMs, endMs),
  };
}

async function ofPlace(
  { store, clock }: LinkDeps,
  place: { service: string; env: string | undefined },
  anyAge: boolean,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Suspect[]> {
  const serviceEnv = serviceEnvOf(place.service, place.env);
  const between = anyAge ? undefined : { from: iso(fromMs), to: iso(toMs) };
  const [indexed, { row }] = await Promise.all([
    deploymentsOf(store, serviceEnv, between),
    readState(store, stateName(serviceEnv)),
  ]);
  const known = new Map<string, Suspect | undefined>();
  for (const each of indexed) known.set(each.id, knownDeployment(each));
  for (const each of recentlyDecided(row, clock.now())) known.set(each.id, decidedDeployment(each, place));
  return [...known.values()].flatMap((each) => each ?? []);
}

/** No index knows teams: the days are looked through. */
async function ofDays(deps: LinkDeps, incident: Suffering): Promise<Suspect[]> {
  const { store, clock } = deps;
  const { fromMs, toMs } = spanOf(deps, incident);
  const days: string[] = [];
  for (let at = fromMs; at < Math.min(toMs, clock.now() + dayMs) + dayMs; at += dayMs)
    days.push(iso(at).slice(0, 10));
  const [finished, underWay] = await Promise.all([
    inParallel(days, queriesAtOnce, (day) => deploymentsOfDay(store, day)),
    openDeployments(store),
  ]);
  return [...finished.flat(), ...underWay].flatMap((each) => knownDeployment(each) ?? []);
}

async function readOne(store: Store, id: string): Promise<Suspect | undefined> {
  const row = await readDeployment(store, id);
  return row && knownDeployment({ id, facts: (row['facts'] ?? {}) as Row });
}
