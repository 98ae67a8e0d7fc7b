import { dueShard, dueShards } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { queryAs } from '../database/request.ts';

/** What numbers are computed from, and by what an incident is chosen: all that the index `by_day` carries. */
const facts = [
  'number',
  'status',
  'services',
  'team',
  'env',
  'severity',
  'priority',
  'urgency',
  'incident_type',
  'pagerduty_service_id',
  'pagerduty_service_name',
  'source',
  'person_involved',
  'started_at',
  'finished_at',
  'time_to_restore_seconds',
  'merged_into',
  'version',
  'git_commit_sha',
  'named_deployment_id',
  'cause_deployment_id',
  'cause_deployment',
  'cause_said',
] as const;

export type IncidentFacts = { [Name in (typeof facts)[number]]?: unknown };

/**
 * The attributes by which the index finds an incident: `day` of its end in UTC, or `open#0` to `open#7` while it is
 * open; `at`, when it ended or, open, began; `facts`. All absent while no event has told when it began, and once who
 * reported it has taken it back: then it is no incident to anybody who counts.
 */
export function dayAttributes(incidentId: string, row: Row): Row {
  const { started_at, finished_at, withdrawn_at } = row;
  if (typeof started_at !== 'string' || withdrawn_at !== undefined)
    return { day: undefined, at: undefined, facts: undefined };
  const at = typeof finished_at === 'string' ? finished_at : started_at;
  const known = facts.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]));
  return {
    day: typeof finished_at === 'string' ? at.slice(0, 10) : openShard(Number(dueShard(incidentId))),
    at,
    facts: Object.fromEntries(known),
  };
}

/** Incidents that ended on this day (`2026-03-02`, UTC). Eventually consistent, as every index is. */
export const incidentsOfDay = (store: Store, day: string) => under(store, day);

export async function openIncidents(store: Store): Promise<{ id: string; facts: IncidentFacts }[]> {
  const shards = Array.from({ length: dueShards }, (_, shard) => under(store, openShard(shard)));
  return (await Promise.all(shards)).flat();
}

const openShard = (shard: number): string => `open#${shard}`;

const under = (store: Store, day: string): Promise<{ id: string; facts: IncidentFacts }[]> =>
  queryAs(store, 'incidents', { index: 'by_day', keys: '#day = :day', values: { day } }, (row) => ({
    id: String(row['incident_id']),
    facts: (row['facts'] ?? {}) as IncidentFacts,
  }));
