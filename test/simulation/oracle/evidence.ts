import type { TableName } from '../../../lib/store/database/table-definitions.ts';
import type { SentEvent } from '../pagerduty/incident-picture.ts';
import type { Receipt } from '../receiver.ts';
import type { Row, Run } from '../world.ts';
import { inOrder, type LoggedWebhook } from './reference-fold.ts';
import { type ToldOnce, toldOnce } from './told-once.ts';

/** One incident with all that is known about it from outside and from the tables' public attributes. */
export interface IncidentEvidence {
  id: string;
  row: Row | undefined;
  /** Its log in order, each thing that happened once. */
  log: LoggedWebhook[];
  /** All events PagerDuty told about it, whether they were accepted or not. */
  told: SentEvent[];
  /** And what had happened before the bridge was there. */
  untold: SentEvent[];
  /** The story begins with its triggering event and every event of it is in the log. */
  complete: boolean;
  outgoing: Row[];
  deliveries: Row[];
  /** The same as `log`, by what happened. */
  occurrences: ToldOnce[];
  /** Some of it was read from PagerDuty's log. */
  isRead: boolean;
}

export interface Evidence {
  run: Run;
  rows(table: TableName): Row[];
  /** PagerDuty's. */
  incidents: IncidentEvidence[];
  /** What other programs reported. */
  reported: IncidentEvidence[];
  /** Both. */
  all: IncidentEvidence[];
  /** Deployments that were told: what of them goes out is sent like all else. */
  deployments: Pick<IncidentEvidence, 'id' | 'outgoing' | 'deliveries'>[];
  /** Attempts that reached a destination, by `destination|event id`. */
  receipts: Map<string, Receipt[]>;
}

export const receiptKey = (destination: string, id: string): string => `${destination}|${id}`;
export const accepted2xx = ({ status }: Receipt): boolean => typeof status === 'number' && status < 300;

function groupBy<T>(list: readonly T[], key: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of list) {
    const group = groups.get(key(entry));
    if (group) group.push(entry);
    else groups.set(key(entry), [entry]);
  }
  return groups;
}

/** How long it was waited before an event was given up: settled rows expire so many days after they are settled. */
function letGoAfterMs({ scenario }: Run, row: Row): number {
  const { retention_days = 0 } = scenario.deployments[0]?.config ?? {};
  return row['expires_at'] * 1000 - retention_days * 86_400_000 - Date.parse(row['received_at']);
}

export function gatherEvidence(run: Run): Evidence {
  const cache = new Map<TableName, Row[]>();
  const rows = (table: TableName): Row[] => {
    const known = cache.get(table);
    if (known) return known;
    const read = run.rows(table);
    cache.set(table, read);
    return read;
  };
  const receipts = new Map<string, Receipt[]>();
  for (const receiver of run.receivers.values()) {
    for (const receipt of receiver.receipts) {
      const key = receiptKey(receipt.destination, receipt.id);
      receipts.set(key, [...(receipts.get(key) ?? []), receipt]);
    }
  }
  const byIncident = (table: TableName) => groupBy(rows(table), (row) => String(row['incident_id']));
  const [log, outgoing, deliveries, incidents] = (
    ['events', 'outgoing', 'deliveries', 'incidents'] as const
  ).map(byIncident);
  const arrivals = new Map<string, number>();
  for (const { table, after } of run.changes) {
    const id = after?.['event_id']?.S;
    if (table === 'events' && id !== undefined && !arrivals.has(id)) arrivals.set(id, arrivals.size);
  }
  const told = groupBy(run.scenario.stories.flat(), ({ incidentId }) => incidentId ?? '');
  const ids = new Set([...told.keys(), ...(incidents?.keys() ?? [])]);
  const all = [...ids].map((id): IncidentEvidence => {
    const story = told.get(id) ?? [];
    const untold = run.scenario.untold.filter(({ incidentId }) => incidentId === id);
    const entries = log?.get(id) ?? [];
    const frozen = new Set((outgoing?.get(id) ?? []).map((each) => String(each['event_id'])));
    const occurrences = toldOnce(run.scenario, entries, [...untold, ...story], frozen);
    const isRead = entries.some((row) => row['imported'] !== undefined);
    const events = inOrder(
      occurrences.map(({ row, rows: same, eventId }) => ({
        eventId,
        type: row['event_type'],
        occurredAtMs: Date.parse(row['occurred_at']),
        arrival: Math.min(
          ...same.map((each) => arrivals.get(each['event_id']) ?? Date.parse(each['received_at'])),
        ),
        body: row['body'],
        ...(row['outcome'] === 'skipped: never_told' && { letGoAfterMs: letGoAfterMs(run, row) }),
      })),
    );
    return {
      id,
      row: incidents?.get(id)?.[0],
      log: events,
      told: story,
      untold,
      complete: !isRead && story[0]?.type === 'incident.triggered' && events.length === story.length,
      occurrences,
      isRead,
      outgoing: (outgoing?.get(id) ?? []).sort((a, b) => a['sequence'] - b['sequence']),
      deliveries: deliveries?.get(id) ?? [],
    };
  });
  return {
    run,
    rows,
    receipts,
    all,
    deployments: [...(outgoing ?? [])]
      .filter(([id]) => isDeployment(id))
      .map(([id, frozen]) => ({
        id,
        outgoing: frozen.sort((a, b) => a['sequence'] - b['sequence']),
        deliveries: deliveries?.get(id) ?? [],
      })),
    incidents: all.filter(({ id }) => !isReported(id)),
    reported: all.filter(({ id }) => isReported(id)),
  };
}

export const isDeployment = (id: string): boolean => id.startsWith('deployment:');

/** What went out, of whichever kind. */
export const frozenEvent = (frozen: Row): Row => frozen['incident_event'] ?? frozen['deployment_event'];

export const isReported = (id: string): boolean => id.startsWith('dora:');

/** What Datadog is told the incident is called. */
export const failureId = (id: string): string =>
  isReported(id) ? id.slice('dora:'.length) : `pagerduty:${id}`;
