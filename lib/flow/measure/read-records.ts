import { isSelected } from '../../domain/incident-filter/criteria.ts';
import type { Suffering } from '../../domain/links/facts.ts';
import type { Link } from '../../domain/links/link.ts';
import { calendarOf } from '../../domain/metrics/calendar.ts';
import type { MeasuredIncident, Records } from '../../domain/metrics/facts.ts';
import {
  type CountedIncident,
  judgeDeployments,
  type KnownDeployment,
} from '../../domain/metrics/judge-deployments.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import type { Row } from '../../store/database/marshalled.ts';
import {
  deploymentsOfDay,
  type IndexedDeployment,
  isEverDeployed,
  openDeployments,
} from '../../store/deployments/by-day.ts';
import { readDeployment } from '../../store/deployments/deployments.ts';
import { serviceEnvOf } from '../../store/deployments/service-env.ts';
import { incidentsOfDay, openIncidents } from '../../store/incidents/by-day.ts';
import { type LinkConfig, windowOf } from '../links/deps.ts';
import { knownDeployment } from '../links/known-deployment.ts';
import { countedFactsOf, measuredIncident, sufferingOf } from '../links/measured-incident.ts';
import { sameAs, withOwnIds } from '../links/own-id.ts';
import { textOf } from '../links/row-values.ts';

export interface MeasureDeps {
  store: Store;
  nowMs: number;
  config: LinkConfig;
}

export interface ReadRecords extends Records {
  /** Which deployment caused each incident, by the incident's id. */
  links: ReadonlyMap<string, Link>;
  /** Incidents that `counts:` leaves out. */
  leftOut: number;
}

const dayMs = 86_400_000;
const queriesAtOnce = 16;

/** What the indexes have of incidents and deployments, before anything is judged. */
export interface Known {
  deployments: KnownDeployment[];
  /** Those that count. */
  incidents: CountedIncident[];
  leftOut: number;
}

/**
 * Everything that a report from `fromMs` on can be made of, as the indexes have it now. Costs what the days from then
 * to today cost, however large the tables are: what ended or is open since then, and deployments from a link window
 * earlier on.
 */
export async function readKnown({ store, nowMs, config }: MeasureDeps, fromMs: number): Promise<Known> {
  const [ended, open, finished, underWay] = await Promise.all([
    ofDays(fromMs, nowMs, (day) => incidentsOfDay(store, day)),
    openIncidents(store),
    ofDays(fromMs - windowOf(config), nowMs, (day) => deploymentsOfDay(store, day)),
    openDeployments(store),
  ]);
  const all = unique([...ended, ...open]);
  const incidents = all.flatMap(({ id, facts }): CountedIncident[] => {
    const measured = measuredIncident(id, facts);
    const counts = config.counts === undefined || isSelected(config.counts, countedFactsOf(facts));
    const causedBy = textOf(facts.cause_deployment_id);
    return measured && counts ? [{ measured, suffering: sufferingOf(measured, facts), causedBy }] : [];
  });
  const read = unique([...finished, ...underWay]);
  const { older, own } = await namedOnes(store, read, incidents);
  const deployments = unique([...read, ...older]).flatMap((each) => knownDeployment(each) ?? []);
  return {
    deployments,
    incidents: incidents.map((each) => ({ ...each, suffering: own(each.suffering) })),
    leftOut: all.length - incidents.length,
  };
}

/**
 * Deployments that incidents are laid to for something they name, or by a person, may be older than what was read; and
 * whoever names one that turned out to be another means that one.
 */
async function namedOnes(
  store: Store,
  read: readonly IndexedDeployment[],
  incidents: readonly CountedIncident[],
) {
  const known = new Map(read.map((each) => [each.id, each]));
  const named = incidents.flatMap(({ suffering: { person, deploymentId }, causedBy }) =>
    [person?.deploymentId, deploymentId, causedBy].filter((id) => typeof id === 'string'),
  );
  const older: IndexedDeployment[] = [];
  const readOnes = (ids: readonly string[]) =>
    inParallel([...new Set(ids)], queriesAtOnce, async (id) => {
      if (known.has(id)) return;
      const row = await readDeployment(store, id);
      if (!row) return;
      older.push({ id, facts: (row['facts'] ?? {}) as Row });
      known.set(id, { id, facts: (row['facts'] ?? {}) as Row });
    });
  await readOnes(named);
  const doubleOf = (id: string) => sameAs(known.get(id));
  await readOnes(named.flatMap((id) => doubleOf(id) ?? []));
  const own = (id: string) => doubleOf(id) ?? id;
  return { older, own: (suffering: Suffering) => withOwnIds(suffering, own) };
}

/** The same, judged: which deployment failed, and what caused which incident. */
export async function readRecords(deps: MeasureDeps, fromMs: number): Promise<ReadRecords> {
  const known = await readKnown(deps, fromMs);
  const windowMs = windowOf(deps.config);
  const { deployments, links } = judgeDeployments(
    known.deployments,
    known.incidents,
    { windowMs },
    deps.nowMs,
  );
  const incidents = known.incidents.map(({ measured }) => measured);
  const isDeployed = await deployedLookup(deps.store, known.deployments, incidents);
  return { deployments, incidents, isDeployed, links, leftOut: known.leftOut };
}

/** The index is read day by day while rows move from one day to another: the one read last holds. */
function unique<T extends { id: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

async function ofDays<T>(fromMs: number, toMs: number, read: (day: string) => Promise<T[]>): Promise<T[]> {
  const { dayOf } = calendarOf('UTC');
  const days: string[] = [];
  // What is dated up to a day ahead of this machine's clock counts too.
  for (let at = fromMs; at < toMs + 2 * dayMs; at += dayMs) days.push(dayOf(at));
  return (await inParallel(days, queriesAtOnce, read)).flat();
}

/** Whether its service was ever deployed to its env: known from what was read, else asked once for each. */
async function deployedLookup(
  store: Store,
  known: readonly { service?: string | undefined; team?: string | undefined; env?: string | undefined }[],
  incidents: readonly MeasuredIncident[],
): Promise<(incident: MeasuredIncident) => boolean> {
  const keysOf = ({ services, env }: MeasuredIncident) => services.map((name) => serviceEnvOf(name, env));
  const deployed = new Set(
    known.flatMap(({ service, env }) => (service ? [serviceEnvOf(service, env)] : [])),
  );
  const teams = new Set(known.flatMap(({ team, env }) => (team ? [serviceEnvOf(team, env)] : [])));
  const unknown = [...new Set(incidents.flatMap(keysOf))].filter((key) => !deployed.has(key));
  await inParallel(unknown, queriesAtOnce, async (key) => {
    if (await isEverDeployed(store, key)) deployed.add(key);
  });
  return (incident) =>
    incident.services.length > 0
      ? keysOf(incident).some((key) => deployed.has(key))
      : incident.team !== undefined && teams.has(serviceEnvOf(incident.team, incident.env));
}
