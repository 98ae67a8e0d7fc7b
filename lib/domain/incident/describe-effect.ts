import { duration } from '../text/duration.ts';
import { announcementOf } from './announcement.ts';
import { type InferredFact, inferredFacts } from './inferred.ts';
import type { LoggedEvent } from './logged-event.ts';
import type { IncidentState } from './state.ts';
import { secondsToAcknowledge, secondsToRestore } from './times.ts';

export interface Effect {
  event: LoggedEvent;
  /** The incident before and after folding the event. */
  before: IncidentState;
  after: IncidentState;
}

/** One line for a timeline: what happened, by whom, and what it changed. */
export function describeEffect({ event, before, after }: Effect): string {
  return sentence(announcementOf(event).happened, event.eventType, before, after);
}

/** The same of words that are at hand already. */
export function sentence(
  happened: string,
  eventType: string,
  before: IncidentState,
  after: IncidentState,
): string {
  const changes = changesBetween(before, after, eventType);
  return changes.length > 0 ? `${happened}; ${changes.join(', ')}` : happened;
}

function changesBetween(before: IncidentState, after: IncidentState, type: string): string[] {
  return [
    after.reported === undefined ? statusChange(before, after, type) : undefined,
    acknowledgement(before, after, type),
    ending(before, after, type),
    moved(before, after),
    changed('priority', before.priority, after.priority),
    changed('urgency', before.urgency, after.urgency),
    changed('incident type', before.incident_type, after.incident_type),
    before.title === undefined ? undefined : changed('title', before.title, after.title),
    ...customFieldChanges(before, after),
  ].filter((change) => change !== undefined);
}

function statusChange(before: IncidentState, after: IncidentState, type: string): string | undefined {
  if (after.reopen_count > before.reopen_count) {
    const nth = `reopening ${after.reopen_count}`;
    return type === 'incident.reopened' ? nth : `${nth} at ${after.reopened_at}, known by this event only`;
  }
  if (after.status !== before.status) {
    return type === `incident.${after.status}` ? undefined : `now ${after.status ?? 'of unknown status'}`;
  }
  const opening = type === 'incident.triggered' || type.endsWith('acknowledged');
  return opening && after.status === 'resolved'
    ? 'stays resolved: only a reopening opens it again'
    : undefined;
}

/** An event whose own date lies so far ahead that it is not believed. */
const undated = 'at a time that is not known: the date of the event lies in the future';

function acknowledgement(before: IncidentState, after: IncidentState, type: string): string | undefined {
  if (before.acknowledged_at !== undefined || after.acknowledged_at === undefined) return undefined;
  if (after.acknowledge_inferred) {
    return type === 'incident.acknowledged'
      ? `acknowledged ${undated}`
      : 'acknowledged before this by an event that was not seen';
  }
  const seconds = secondsToAcknowledge(after);
  if (seconds === undefined) return 'first acknowledged, after a time that is not known';
  return `first acknowledged after ${about(after, 'time_to_acknowledge_seconds')}${duration(seconds)}`;
}

function ending(before: IncidentState, after: IncidentState, type: string): string | undefined {
  if (after.merged_into !== undefined && after.merged_into !== before.merged_into) {
    return `went on as incident ${after.merged_into}, so it has no time to restore`;
  }
  if (after.status !== 'resolved' || after.merged_into !== undefined) return undefined;
  if (after.resolved_at === before.resolved_at || after.withdrawn_at !== undefined) return undefined;
  if (after.resolve_inferred) {
    return type === 'incident.resolved'
      ? `resolved ${undated}`
      : 'resolved before this by an event that was not seen';
  }
  const seconds = secondsToRestore(after);
  if (seconds === undefined) return 'time to restore not known: events were missed';
  const periods = after.reopen_count > 0 ? ` in ${after.reopen_count + 1} periods` : '';
  return `restored after ${about(after, 'time_to_restore_seconds')}${duration(seconds)}${periods}`;
}

const about = (state: IncidentState, fact: InferredFact): string =>
  inferredFacts(state).includes(fact) ? 'about ' : '';

function moved(before: IncidentState, after: IncidentState): string | undefined {
  if (after.service === undefined || before.service?.id === after.service.id) return undefined;
  const name = (state: IncidentState) => state.service?.name ?? state.service?.id;
  return before.service === undefined ? `at ${name(after)}` : `from ${name(before)} to ${name(after)}`;
}

function changed(what: string, before: string | undefined, after: string | undefined): string | undefined {
  if (before === after) return undefined;
  if (after === undefined) return `${what} ${before} removed`;
  return before === undefined ? `${what} ${after}` : `${what} ${before} → ${after}`;
}

function customFieldChanges(before: IncidentState, after: IncidentState): string[] {
  const text = (fields: Record<string, unknown>, name: string) =>
    Object.hasOwn(fields, name) ? JSON.stringify(fields[name]) : undefined;
  const names = new Set([...Object.keys(before.custom_fields), ...Object.keys(after.custom_fields)]);
  return [...names]
    .map((name) => changed(name, text(before.custom_fields, name), text(after.custom_fields, name)))
    .filter((change) => change !== undefined);
}
