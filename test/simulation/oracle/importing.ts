import { isDeepStrictEqual } from 'node:util';
import type { CarriedOutImport } from '../account/operator-import.ts';
import type { SentEvent } from '../pagerduty/incident-picture.ts';
import { isDatadog } from '../receiver.ts';
import { minute } from '../scenario.ts';
import type { Row, Run } from '../world.ts';
import type { Check } from './check.ts';
import { type IncidentEvidence, receiptKey } from './evidence.ts';
import { inOrder, type LoggedWebhook, type Picture, referenceFold } from './reference-fold.ts';

const leftToWebhooksMs = 10 * minute;

/** What leaves an entry in PagerDuty's log that says what it was. */
const kept = new Set(
  [
    ...['triggered', 'acknowledged', 'unacknowledged', 'resolved', 'reopened', 'priority_updated'],
    ...['service_updated', 'annotated', 'status_update_published', 'custom_field_values.updated'],
    'title_updated',
  ].map((type) => `incident.${type}`),
);
/** … if it is not one of several at once. */
const keptAlone = new Set(['escalated', 'reassigned', 'delegated'].map((type) => `incident.${type}`));

const isKept = ({ account }: Run['scenario'], { type }: SentEvent): boolean =>
  kept.has(type) || ((account?.apartMs ?? 0) >= 6_000 && keptAlone.has(type));

const createdMs = ([first]: readonly SentEvent[]): number =>
  Math.floor((first?.occurredAtMs ?? Number.NaN) / 1000) * 1000;

const wholeStory = ({ untold, told }: IncidentEvidence): SentEvent[] => [...untold, ...told];

/** When reconcile began; what began before it is the past. */
const beginsMs = (rows: readonly Row[]): number =>
  Date.parse(rows.find(({ name }) => name === 'reconcile')?.['begins_at'] ?? '');

export const nothingMissing: Check = {
  name: 'in the end all is there that PagerDuty knows, of what began since reconcile does and of what was imported',
  look: ({ run, incidents, rows }, broken) => {
    const { scenario, imports } = run;
    if (!scenario.account) return;
    const begins = beginsMs(rows('state'));
    if (scenario.account.reconcile === 'hourly' && Number.isNaN(begins))
      broken('reconcile has never come to an end');
    for (const incident of incidents) {
      const story = wholeStory(incident);
      const begunAt = createdMs(story);
      const there = new Set(incident.occurrences.map(({ happened }) => happened));
      for (const event of story) {
        if (there.has(event) || !isKept(scenario, event)) continue;
        const imported = imports.some(({ begunAt: at, sinceMs, doneAt }) => {
          const until = at - leftToWebhooksMs - scenario.skewMs - 2_000;
          const isCovered = begunAt >= sinceMs && begunAt <= until && event.occurredAtMs <= until;
          return doneAt !== undefined && isCovered;
        });
        const where = `${event.type} ${event.eventId} of ${incident.id}`;
        if (imported) broken(`${where} was imported and is not there`);
        else if (begunAt >= begins) broken(`${where} was lost and is not there`);
      }
    }
  },
};

export const pastIsQuiet: Check = {
  name: 'what is imported is sent to nobody who has not asked for it, and what webhooks did not tell like webhooks',
  look: ({ run, incidents, rows, receipts }, broken) => {
    const { scenario, imports } = run;
    const begins = beginsMs(rows('state'));
    const wants = (name: string) =>
      scenario.deployments.some(({ config }) =>
        config.destinations.some((each) => each.name === name && each.history === true),
      ) || scenario.interventions.some((each) => each.kind === 'backfill' && each.destination === name);
    for (const incident of incidents) {
      const began = createdMs(wholeStory(incident));
      for (const { isHeard, eventId, row } of incident.occurrences) {
        if (row['imported'] === 'history' && began >= begins && !imports.some(isAt(row, scenario.skewMs)))
          broken(`${eventId} of ${incident.id} counts as the past, and nobody has imported it`);
        const frozen = incident.outgoing.find((each) => each['event_id'] === eventId);
        if (!frozen) continue;
        const isPast = frozen['incident_event'].imported === true;
        if (!isHeard && isPast !== (row['imported'] === 'history'))
          broken(`${eventId} of ${incident.id} was read as ${row['imported']} and goes out otherwise`);
        if (isHeard || !isPast) continue;
        for (const name of frozen['destinations'])
          if (!wants(name)) broken(`${eventId} of ${incident.id} is of the past and owed to ${name}`);
        for (const name of run.receivers.keys()) {
          const seen = receipts.get(receiptKey(name, eventId)) ?? [];
          if (seen.length > 0 && !isDatadog(name) && !wants(name))
            broken(`${eventId} of ${incident.id} is of the past and was sent to ${name}`);
        }
      }
    }
  },
};

/** Whether an import was under way when this was written. */
const isAt =
  (row: Row, skewMs: number) =>
  ({ begunAt, doneAt = Number.POSITIVE_INFINITY }: CarriedOutImport): boolean => {
    const at = Date.parse(row['received_at']);
    return at >= begunAt - 2 * skewMs && at <= doneAt + 2 * skewMs;
  };

const asLogged = ({ eventId, type, occurredAtMs, body }: SentEvent): LoggedWebhook => ({
  eventId,
  type,
  occurredAtMs,
  arrival: 0,
  body,
});

const exact = [
  ...(['status', 'number', 'title', 'urgency', 'priority', 'started_at', 'merged_into'] as const),
  ...(['reopen_count', 'escalation_count', 'reassignment_count', 'custom_fields'] as const),
];
/** PagerDuty's log has whole seconds. */
const inSeconds = ['acknowledged_at', 'finished_at', 'last_event_at'] as const;
const durations = ['time_to_acknowledge_seconds', 'time_to_restore_seconds'] as const;

export const rowsAsItHappened: Check = {
  name: 'what was lost and read from PagerDuty makes the row that webhooks would have made, to the second',
  look: ({ run, incidents }, broken) => {
    const { scenario } = run;
    if ((scenario.account?.apartMs ?? 0) < 6_000) return;
    for (const incident of incidents) {
      const { id, row, isRead, occurrences } = incident;
      const there = new Set(occurrences.map(({ happened }) => happened));
      const missing = wholeStory(incident).filter((event) => !there.has(event));
      if (!row || !isRead || missing.some((event) => isKept(scenario, event))) continue;
      const events = occurrences.flatMap(({ happened }) => (happened ? [asLogged(happened)] : []));
      const picture = referenceFold(inOrder(events));
      if (picture) compare(id, row, picture, broken);
    }
  },
};

function compare(id: string, row: Row, picture: Picture, broken: (sentence: string) => void): void {
  const say = (name: string, found: unknown, wanted: unknown) =>
    broken(`${id}: ${name} is ${JSON.stringify(found)}, it was ${JSON.stringify(wanted)}`);
  for (const name of exact)
    if (!isDeepStrictEqual(row[name], picture[name])) say(name, row[name], picture[name]);
  const isNear = (found: number, wanted: number, by: number) =>
    Number.isNaN(found) ? Number.isNaN(wanted) : Math.abs(found - wanted) <= by;
  for (const name of inSeconds)
    if (!isNear(Date.parse(row[name]), Date.parse(picture[name] ?? ''), 1_000))
      say(name, row[name], picture[name]);
  // Each active period may begin or end a second otherwise.
  const periods = 2 * (picture.reopen_count + 1);
  for (const name of durations)
    if (!isNear(Number(row[name] ?? Number.NaN), picture[name] ?? Number.NaN, periods))
      say(name, row[name], picture[name]);
  if (row['pagerduty_service_id'] !== picture.service?.id)
    say('service', row['pagerduty_service_id'], picture.service?.id);
}
