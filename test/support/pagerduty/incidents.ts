import { type Asking, page, refusal, type Told } from './answers.ts';
import type { StandInIncident } from './rest-view.ts';

const monthMs = 30 * 86_400_000;
const halfYearMs = 184 * 86_400_000;

/** By creation, between two ends that both belong to it; of one end PagerDuty makes a month. */
export function listIncidents({ account, query }: Asking): Told {
  const [since, until] = ['since', 'until'].map((name) => Date.parse(query.get(name) ?? ''));
  const now = account.clock.now();
  const to = Number.isNaN(until)
    ? Number.isNaN(since)
      ? now
      : (since as number) + monthMs
    : (until as number);
  const from = Number.isNaN(since) ? to - monthMs : (since as number);
  if (to - from > halfYearMs) return refusal(400, 2005, 'Date Range Too Long');
  const all = query.get('date_range') === 'all';
  const services = query.getAll('service_ids[]');
  const statuses = query.getAll('statuses[]');
  const sorted = byCreation(account.incidents);
  const window = all ? sorted : sorted.slice(firstAt(sorted, from), firstAt(sorted, to + 1));
  const chosen = window.filter(
    ({ shown }) =>
      (services.length === 0 || services.includes((shown['service'] as { id: string }).id)) &&
      (statuses.length === 0 || statuses.includes(String(shown['status']))),
  );
  const [by, direction] = (query.get('sort_by') ?? 'created_at:desc').split(':');
  const key = ({ shown }: StandInIncident) => Date.parse(String(shown[by ?? '']));
  const ascending = by === 'created_at' ? chosen : chosen.toSorted((one, other) => key(one) - key(other));
  return page(
    'incidents',
    direction === 'asc' ? ascending : ascending.toReversed(),
    query,
    ({ shown }) => shown,
  );
}

/** Tens of thousands are asked for hundreds of times. */
const sortedOnce = new WeakMap<StandInIncident[], StandInIncident[]>();

function byCreation(incidents: StandInIncident[]): StandInIncident[] {
  const known = sortedOnce.get(incidents);
  if (known?.length === incidents.length) return known;
  const sorted = incidents.toSorted((one, other) => one.createdMs - other.createdMs);
  sortedOnce.set(incidents, sorted);
  return sorted;
}

/** The place of the first that was created then or later. */
function firstAt(sorted: readonly StandInIncident[], ms: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.createdMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function listLogEntries({ account, ids, query }: Asking): Told {
  const incident = account.incidents.find(({ id }) => id === ids[0]);
  if (incident === undefined) return refusal(404, 2100, 'Not Found');
  return page('log_entries', incident.entries.toReversed(), query);
}

export function getIncident({ account, ids }: Asking): Told {
  const incident = account.incidents.find(({ id }) => id === ids[0]);
  return incident === undefined ? refusal(404, 2100, 'Not Found') : { body: { incident: incident.shown } };
}

/** The account's whole log, the newest entry first, between two ends that both belong to it. */
export function listAccountLog({ account, query }: Asking): Told {
  const [since, until] = ['since', 'until'].map((name) => Date.parse(query.get(name) ?? ''));
  const whole = query.getAll('include[]').includes('incidents');
  const all = account.incidents.flatMap(({ shown, entries }) =>
    entries.map((entry) => ({ entry, shown, at: Date.parse(String(entry['created_at'])) })),
  );
  const chosen = all
    .filter(({ at }) => !(at < (since as number) || at > (until as number)))
    .sort((one, other) => one.at - other.at)
    .reverse();
  return page('log_entries', chosen, query, ({ entry, shown }) => ({
    ...entry,
    incident: whole ? shown : { id: shown['id'], type: 'incident_reference' },
  }));
}
