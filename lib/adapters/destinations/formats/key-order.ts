import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';

/** The order of the published example. Only append: moving a key would change bytes of what was sent before. */
const order = [
  'version',
  'id',
  'sequence',
  'type',
  'occurred_at',
  'late',
  'services',
  'team',
  'env',
  'severity',
  'name',
  'started_at',
  'finished_at',
  'incident',
  'match',
  'pagerduty',
  'number',
  'url',
  'status',
  'urgency',
  'priority',
  'acknowledged_at',
  'time_to_acknowledge_seconds',
  'time_to_restore_seconds',
  'reopen_count',
  'merged_into',
  'custom_fields',
  'rule',
  'explanation',
  'service',
  'teams',
  'source',
  'triggered_at',
  'inferred',
  'what',
  'by',
  'detail',
  'key',
  'assignees',
  'escalation_policy',
  'client',
  'conference_bridge',
  'external_id',
  'git',
  'commit_sha',
  'repository_id',
  'repository_url',
  'custom_tags',
  'withdrawn_at',
];

const rank = new Map(order.map((key, index) => [key, index]));

/**
 * The event with its keys in one order. DynamoDB does not keep the order of a map's keys, so a frozen event can
 * come back in another one, and its bytes must not depend on that.
 */
export function inKeyOrder(event: IncidentEvent): IncidentEvent {
  return ordered(event) as IncidentEvent;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => byRank(a, b))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}

/** Keys that are not ours, such as custom fields', come last by code unit. */
function byRank(a: string, b: string): number {
  const difference = (rank.get(a) ?? order.length) - (rank.get(b) ?? order.length);
  return difference || (a < b ? -1 : 1);
}
