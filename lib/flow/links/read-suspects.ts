import { sameName } from '../../domain/catalog/names.ts';
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
  const places: Place[] = services.map((service) => ({ service, env }));
  if (own?.service !== undefined) places.push({ service: own.service, env: own.env });
  const unique = [
    ...new Map(places.map((place) => [serviceEnvOf(place.service, place.env), place])).values(),
  ];
  const span = spanOf(deps, incident);
  const found = await inParallel(unique, queriesAtOnce, (place) => ofPlace(deps, place, anyAge, span));
  const teams =
    services.length === 0 && incident.team !== undefined ? await ofTeam(deps, incident, span) : [];
  const all = [...teams, ...(own ? [own] : []), ...found.flat()];
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

interface Place {
  service: string;
  env: string | undefined;
}

interface Span {
  fromMs: number;
  toMs: number;
}

/** From when on a deployment may be to blame to when one may have put it right. Epoch milliseconds. */
function spanOf({ clock, config }: LinkDeps, { startedAtMs, finishedAtMs }: Suffering): Span {
  const endMs = (finishedAtMs ?? clock.now() + dayMs) + toleranceMs;
  return {
    fromMs: startedAtMs - windowOf(config),
    toMs: Math.max(startedAtMs + longestUnderWayMs, endMs),
  };
}

async function ofPlace(
  { store, clock }: LinkDeps,
  place: Place,
  anyAge: boolean,
  { fromMs, toMs }: Span,
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

/**
 * No index knows teams: the days on which what is to blame was over are looked through, however long the incident has
 * been open, and then what the team's services among them had deployed until it was over.
 */
async function ofTeam(deps: LinkDeps, incident: Suffering, span: Span): Promise<Suspect[]> {
  const { store, clock } = deps;
  const lastMs = Math.min(incident.startedAtMs + longestUnderWayMs, clock.now() + dayMs);
  const days: string[] = [];
  for (let at = span.fromMs; at < lastMs + dayMs; at += dayMs) days.push(iso(at).slice(0, 10));
  const [finished, underWay] = await Promise.all([
    inParallel(days, queriesAtOnce, (day) => deploymentsOfDay(store, day)),
    openDeployments(store),
  ]);
  const seen = [...finished.flat(), ...underWay].flatMap((each) => knownDeployment(each) ?? []);
  const places = new Map<string, Place>();
  for (const { service, env, team } of seen)
    if (service !== undefined && sameName(team, incident.team))
      places.set(serviceEnvOf(service, env), { service, env });
  const after = await inParallel([...places.values()], queriesAtOnce, (place) =>
    ofPlace(deps, place, false, span),
  );
  return [...seen, ...after.flat()];
}

async function readOne(store: Store, id: string): Promise<Suspect | undefined> {
  const row = await readDeployment(store, id);
  return row && knownDeployment({ id, facts: (row['facts'] ?? {}) as Row });
}
