import { type Draft, finish } from './draft.ts';
import type { FoldEvent } from './fold-event.ts';
import { foldLifecycle } from './fold-lifecycle.ts';
import { foldReport } from './fold-report.ts';
import { foldService } from './fold-service.ts';
import { countOf, type IncidentState, initialState } from './state.ts';

/**
 * The incident after one more event. Pure; `state` stays as it is. Events come in the order of their log keys:
 * an event that belongs before the last one folded needs the whole log folded anew (`foldAll`).
 */
export function fold(state: IncidentState, event: FoldEvent): IncidentState {
  if (state.last_key !== undefined && event.key <= state.last_key) {
    if (event.key === state.last_key) return state;
    throw new Error(
      `Cannot fold ${event.key} onto ${state.last_key} of incident ${state.incident_id}: it belongs before it. Fold the whole log.`,
    );
  }
  // The steps below assign top-level keys of this copy and never change what they point to.
  const next: Draft = { ...state };
  next.event_count += 1;
  next.counts = countEvent(state, event.type);
  next.first_event_at ??= event.at;
  next.last_event_at = latest(state.last_event_at, event.at);
  next.last_key = event.key;
  if (event.byPerson) next.person = true;
  if (event.told) foldReport(next, event, event.told);
  else foldWebhook(next, event);
  return finish(next);
}

function foldWebhook(next: Draft, event: FoldEvent): void {
  foldAttributes(next, event);
  foldCustomFields(next, event);
  foldLifecycle(next, event);
  foldService(next, event);
}

/** The incident as the set of its events makes it: neither their order nor repetition matters. */
export function foldAll(incidentId: string, events: Iterable<FoldEvent>): IncidentState {
  let state = initialState(incidentId);
  for (const event of inLogOrder(events)) state = fold(state, event);
  return state;
}

/** Sorted by log key, each key once. Keys are ASCII, so comparing code units is comparing bytes, as DynamoDB does. */
export function inLogOrder(events: Iterable<FoldEvent>): FoldEvent[] {
  const byKey = new Map<string, FoldEvent>();
  for (const event of events) if (!byKey.has(event.key)) byKey.set(event.key, event);
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function foldAttributes(next: Draft, event: FoldEvent): void {
  const { snapshot, title, url } = event;
  next.title = snapshot?.title ?? title ?? next.title;
  next.url = snapshot?.url ?? next.url ?? url;
  next.conference_bridge = snapshot?.conferenceBridge ?? event.conferenceBridge ?? next.conference_bridge;
  next.client ??= event.client;
  if (snapshot === undefined) return;
  next.incident_key = snapshot.key ?? next.incident_key;
  next.assignees = snapshot.assignees ?? next.assignees;
  next.escalation_policy = snapshot.escalationPolicy ?? next.escalation_policy;
  next.number = snapshot.number ?? next.number;
  next.urgency = snapshot.urgency ?? next.urgency;
  next.incident_type = snapshot.incidentType ?? next.incident_type;
  if (next.created_at === undefined && snapshot.createdAt !== undefined) {
    next.created_at = snapshot.createdAt;
    // The first period was measured from the first event instead.
    if (next.active_ms > 0) next.active_inferred = 'unknown';
  }
  if (snapshot.priority !== undefined) next.priority = snapshot.priority ?? undefined;
}

/** An event dated in the future stands last in the log and counts as of when it was received. */
const latest = (known: string | undefined, at: string): string =>
  known !== undefined && known > at ? known : at;

/** The new values only; a field that is not mentioned keeps its value. */
function foldCustomFields(next: Draft, { customFields }: FoldEvent): void {
  if (customFields.length === 0) return;
  const fields = { ...next.custom_fields };
  let length = Object.entries(fields).reduce((sum, [name, value]) => sum + lengthOf(name, value), 2);
  for (const { name, value } of customFields) {
    const known = Object.hasOwn(fields, name) ? lengthOf(name, fields[name]) : 0;
    const wanted = value === null ? 0 : lengthOf(name, value);
    if (wanted > 0 && length - known + wanted > maxFieldsLength) continue;
    length += wanted - known;
    if (value === null) delete fields[name];
    else fields[name] = value;
  }
  next.custom_fields = fields;
}

/** Of one member in JSON, with its quotes, colon and comma. */
const lengthOf = (name: string, value: unknown): number =>
  JSON.stringify(name).length + JSON.stringify(value).length + 2;

/** In JSON. The row holds the fields twice and must stay below DynamoDB's 400 KB; what does not fit is left out. */
const maxFieldsLength = 16_000;

function countEvent(state: IncidentState, type: string): Record<string, number> {
  const usual = /^[a-z][a-z0-9_.]{0,79}$/.test(type);
  const room = Object.hasOwn(state.counts, type) || Object.keys(state.counts).length < maxTypes;
  const name = usual && room ? type : 'other';
  return { ...state.counts, [name]: countOf(state, name) + 1 };
}

const maxTypes = 60;
