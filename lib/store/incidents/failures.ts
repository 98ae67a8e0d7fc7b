import { doraIncident } from '../../domain/subject/dora-incident.ts';
import { incident } from '../../domain/subject/incident.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { readIncident } from './incidents.ts';

/** An incident as whoever reads it through the DORA API knows it, wherever it was told. Times as in the tables. */
export interface Failure {
  /** As given, or as answered; of PagerDuty's incidents the one they have at Datadog. */
  id: string;
  source: string;
  services: string[];
  team?: string;
  env?: string;
  name?: string;
  severity?: string;
  version?: string;
  commit_sha?: string;
  repository_id?: string;
  repository_url?: string;
  started_at?: string;
  finished_at?: string;
  time_to_restore_seconds?: number;
  custom_tags: string[];
}

const ours = 'pagerduty:';

/** Key of the incident that is meant by an id of the API. */
export const failureKey = (id: string): string =>
  id.startsWith(ours) ? incident.key(id.slice(ours.length)) : doraIncident.key(id);

/** By one key. Undefined where there is none, where it was taken back, and for a row that no event has told yet. */
export const readFailure = (store: Store, id: string): Promise<Failure | undefined> =>
  readFailureByKey(store, failureKey(id));

/** The same, by the key of its row. */
export async function readFailureByKey(store: Store, key: string): Promise<Failure | undefined> {
  const row = await readIncident(store, key);
  return row && isFailure(row) ? toFailure(row) : undefined;
}

/** One that went on as another incident is no failure of its own. */
const isFailure = (row: Row): boolean =>
  row['started_at'] !== undefined && row['withdrawn_at'] === undefined && row['merged_into'] === undefined;

const copied = [
  'team',
  'env',
  'severity',
  'version',
  'repository_id',
  'repository_url',
  'started_at',
  'finished_at',
  'time_to_restore_seconds',
] as const;

function toFailure(row: Row): Failure {
  const { external_id: id = `${ours}${row['incident_id']}`, source = 'pagerduty' } = row;
  const { title, git_commit_sha } = row;
  const told = copied.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]] as const]));
  return {
    id: String(id),
    source: String(source),
    services: (row['services'] as string[] | undefined) ?? [],
    ...(title === undefined ? {} : { name: String(title) }),
    ...(git_commit_sha === undefined ? {} : { commit_sha: String(git_commit_sha) }),
    ...Object.fromEntries(told),
    custom_tags: (row['custom_tags'] as string[] | undefined) ?? [],
  };
}
