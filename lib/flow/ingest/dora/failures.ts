import type { LoggedEvent } from '../../../domain/incident/logged-event.ts';
import { type IncidentReport, readReport } from '../../../domain/incident-report/incident-report.ts';
import { doraIncident } from '../../../domain/subject/dora-incident.ts';
import type { Store } from '../../../store/database/dynamo.ts';
import { readLog } from '../../../store/events/events.ts';
import { incidentsOfDay, openIncidents } from '../../../store/incidents/by-day.ts';
import { type Failure, failureKey, readFailureByKey } from '../../../store/incidents/failures.ts';
import type { Candidate, Found, Listed } from './collect.ts';
import { gitOf, named, tagged } from './shapes.ts';

/** Incidents as the API has them, whoever told of them: PagerDuty's are `pagerduty:<id>`. */
export const listedFailures = (store: Store): Listed => ({
  ofDay: async (day) => candidates(await incidentsOfDay(store, day)),
  open: async () => candidates(await openIncidents(store)),
  load: async (key) => {
    const failure = await readFailureByKey(store, key);
    return failure && toFound(failure);
  },
});

const candidates = (
  rows: { id: string; facts: { started_at?: unknown; merged_into?: unknown } }[],
): Candidate[] =>
  rows.flatMap(({ id, facts: { started_at, merged_into } }) =>
    typeof started_at === 'string' && merged_into === undefined ? [{ key: id, startedAt: started_at }] : [],
  );

/**
 * One by its id. What was reported a moment ago is in the log and not in the row yet, and holds all the same.
 * Undefined where nobody has told of it, or it was taken back.
 */
export async function findFailure(store: Store, id: string): Promise<Found | undefined> {
  const key = failureKey(id);
  // PagerDuty's incidents are told by its webhooks alone, which may be many.
  const isReported = doraIncident.owns(key);
  const [row, log] = await Promise.all([readFailureByKey(store, key), isReported ? readLog(store, key) : []]);
  if (log.some(({ eventType }) => eventType === 'incident.deleted')) return undefined;
  const told = factsOf(log);
  if (!row) return told && toFound({ ...told, id });
  // Whose it is and where stays as the row has it: names may have been looked up, or go by another one.
  const { services, team, env } = row;
  return toFound({ ...row, ...told, id, source: row.source, services, ...named({ team, env }) });
}

/** Each fact as it was told last. */
function factsOf(log: readonly LoggedEvent[]): Omit<Failure, 'id'> | undefined {
  const reports = log
    .toSorted((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1))
    .flatMap(({ body }) => readReport(body) ?? []);
  const [first] = reports;
  if (!first) return undefined;
  const said = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== undefined);
  const facts = reports.flatMap((report) => Object.entries(report).filter(([, value]) => said(value)));
  const {
    services = [],
    custom_tags = [],
    seen_at,
    ...told
  } = Object.fromEntries(facts) as Partial<IncidentReport>;
  const started_at = told.started_at ?? seen_at;
  return {
    ...told,
    ...(started_at !== undefined && { started_at }),
    source: first.source,
    services: [...services],
    custom_tags: [...custom_tags],
  };
}

function toFound(failure: Failure): Found {
  const { id, source, services, team, env, name, severity, version, custom_tags } = failure;
  const { started_at, finished_at, time_to_restore_seconds } = failure;
  const attributes = named({
    services,
    team,
    env,
    name,
    severity,
    version,
    started_at,
    finished_at,
    time_to_restore: time_to_restore_seconds,
    custom_tags,
    git: gitOf(failure),
    source,
  });
  return {
    resource: { id, type: 'dora_failure', attributes },
    searchable: tagged(custom_tags, {
      id,
      source,
      service: services,
      team,
      env,
      name,
      severity,
      version,
      repository_id: failure.repository_id,
    }),
  };
}
