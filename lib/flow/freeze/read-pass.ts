import { announcementOf } from '../../domain/incident/announcement.ts';
import { sentence } from '../../domain/incident/describe-effect.ts';
import type { Announced, Announcement } from '../../domain/incident/dialect.ts';
import { contentOf, doublesIn, mayDouble } from '../../domain/incident/doubles.ts';
import { fold } from '../../domain/incident/fold.ts';
import { type FoldEvent, toFoldEvent } from '../../domain/incident/fold-event.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { type IncidentState, initialState } from '../../domain/incident/state.ts';
import { twinsIn } from '../../domain/incident/twins.ts';
import { importedSource } from '../../domain/subject/imported-source.ts';
import { cutVisibly } from '../../domain/text/cut.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { readLogAs } from '../../store/events/events.ts';
import { frozenKeys } from '../../store/outgoing/outgoing.ts';
import { hasUnmarked, type Progress } from './progress.ts';

/** One event with the incident's state as of it. */
export interface Step {
  event: LoggedEvent;
  state: IncidentState;
  /** What goes out of what it announces; only of events that are not frozen yet. */
  announcement?: Announced | undefined;
  /** It ends the incident, which was not over or ended at another time before. */
  ends?: boolean;
  /** Read back from Datadog: it is counted, and nobody is told of it. */
  imported?: boolean;
}

export interface Pass {
  /** The incident now. */
  current: IncidentState;
  foldedThrough: string;
  /** The events that are not frozen yet, in log order. */
  unfrozen: Step[];
  /** Sequences of the frozen events by log key; only a full pass knows them. */
  frozen: Map<string, number>;
  /** Due marks by log key, of all events that carry one; only a full pass knows them. */
  marks: Map<string, string>;
  /** Events whose twin or double is the one that counts, or is frozen already; only a full pass knows them. */
  twins: Twin[];
}

/** An event that tells of the same occurrence as another one, and is not told itself. */
export interface Twin {
  logKey: string;
  /** Absent where it has been settled. */
  dueAt?: string | undefined;
  /** It is a webhook, and what is frozen in its place is history that may have been sent to nobody. */
  releases?: number;
  /** … and how it came. */
  envHeader?: string | undefined;
  subscriptionId?: string | undefined;
}

/**
 *     log:  a b c d │ e f          incremental: fold e, f onto the state kept on the row
 *                   └ folded_through
 *           a X b c d              an earlier key X: fold everything anew, once
 */
export async function incrementalPass(
  store: Store,
  incidentId: string,
  progress: Progress,
): Promise<Pass | undefined> {
  const { state, foldedThrough } = progress;
  if (!state || foldedThrough === undefined) return undefined;
  const events = await readLogAs(store, incidentId, foldedThrough, (event) => toEntry(event, true));
  const told = events.map(({ event }) => event);
  if (told.some(({ imported }) => imported !== undefined) || mayDouble(told, foldedThrough)) return undefined;
  const unfrozen = foldAll(state, events);
  return {
    current: unfrozen.at(-1)?.state ?? state,
    foldedThrough: events.at(-1)?.event.logKey ?? foldedThrough,
    unfrozen,
    frozen: new Map(),
    marks: new Map(),
    twins: [],
  };
}

export async function fullPass(
  store: Store,
  incidentId: string,
  progress: Progress,
): Promise<Pass | undefined> {
  // An event without a due mark that nothing holds was frozen once, though its frozen event may have expired.
  const unmarked = hasUnmarked(progress) || !progress.state;
  const mayGoOut = ({ dueAt }: LoggedEvent) => dueAt !== undefined || unmarked;
  const [log, frozen] = await Promise.all([
    readLogAs(store, incidentId, undefined, (event) => ({
      ...toEntry(event, mayGoOut(event)),
      content: contentOf(event),
    })),
    frozenKeys(store, incidentId),
  ]);
  const last = log.at(-1);
  if (!last) return undefined;
  noteImports(progress, log);
  const { events, twins, told } = withoutTwins(log, frozen);
  const { state, foldedThrough } = progress;
  const marks = new Map(
    log.flatMap(({ event: { logKey, dueAt } }) => (dueAt === undefined ? [] : [[logKey, dueAt]])),
  );
  const notFrozen = ({ event }: Step) =>
    !frozen.has(event.logKey) && !told.has(event.logKey) && mayGoOut(event);
  // Doubles that a release before counted are no sign of it either.
  const count = log.filter(({ event }) => event.imported === undefined).length;
  if (
    state &&
    foldedThrough !== undefined &&
    isCutShort(Math.max(count, events.length), log[0], state, progress)
  ) {
    // The beginning of the log has expired: what the row knows stands, only what came after is folded onto it.
    const later = foldAll(
      state,
      events.filter(({ event }) => event.logKey > foldedThrough),
    );
    const current = later.at(-1)?.state ?? state;
    const early = events
      .filter(({ event }) => event.logKey <= foldedThrough)
      .map(({ event, told }) => ({
        event,
        state: current,
        announcement: told && announced(told, told.happened),
      }));
    return {
      current,
      foldedThrough: later.at(-1)?.event.logKey ?? foldedThrough,
      unfrozen: [...early, ...later].filter(notFrozen),
      frozen,
      marks,
      twins,
    };
  }
  const steps = foldAll(initialState(incidentId), events);
  return {
    current: steps.at(-1)?.state ?? initialState(incidentId),
    foldedThrough: last.event.logKey,
    unfrozen: steps.filter(notFrozen),
    frozen,
    marks,
    twins,
  };
}

function noteImports(progress: Progress, log: readonly Entry[]): void {
  progress.wholeLog ||= log.some(({ event }) => event.imported !== undefined);
  progress.imported ||= log.some(({ event }) => event.imported === 'history');
}

/**
 * The log with each occurrence once. Of an import and a webhook the webhook is folded, whichever came first; what is
 * frozen is what came first. `told`: log keys of webhooks whose occurrence is frozen already.
 */
function withoutTwins(
  log: readonly Entry[],
  frozen: ReadonlyMap<string, number>,
): { events: Entry[]; twins: Twin[]; told: Set<string> } {
  const doubles = doublesIn(
    log.map(({ event, content }) => ({ ...event, content })),
    (logKey) => frozen.has(logKey),
  );
  const pairs = twinsIn(log.map(({ event }) => event).filter(({ logKey }) => !doubles.has(logKey)));
  const eventAt = new Map(log.map(({ event }) => [event.logKey, event]));
  const cameAs = (logKey: string): Omit<Twin, 'releases'> => {
    const { dueAt, envHeader, subscriptionId } = eventAt.get(logKey) ?? {};
    return { logKey, dueAt, envHeader, subscriptionId };
  };
  const told = new Set<string>();
  const twins = [...pairs].map(([imported, webhook]): Twin => {
    const sequence = frozen.get(imported);
    if (sequence === undefined || frozen.has(webhook)) {
      return { logKey: imported, dueAt: eventAt.get(imported)?.dueAt };
    }
    told.add(webhook);
    return { ...cameAs(webhook), releases: sequence };
  });
  twins.push(...[...doubles.keys()].map(cameAs));
  const isTold = ({ event: { logKey } }: Entry) => pairs.has(logKey) || doubles.has(logKey);
  return { events: log.filter((entry) => !isTold(entry)), twins, told };
}

/** Whether events the row has counted have expired. New ones may have come in their number. */
function isCutShort(
  count: number,
  first: Entry | undefined,
  state: IncidentState,
  progress: Progress,
): boolean {
  const beginsAt = first?.event.occurredAt ?? '';
  return count < progress.eventCount || beginsAt > (state.first_event_at ?? beginsAt);
}

/** An event without its body, of which the fold needs little: thousands of bodies would not fit into memory. */
interface Entry {
  event: LoggedEvent;
  foldEvent: FoldEvent;
  told?: Announcement;
  /** Only a full pass knows it. */
  content?: string | undefined;
}

const toEntry = (event: LoggedEvent, goesOut: boolean): Entry => ({
  event: { ...event, body: '' },
  foldEvent: toFoldEvent(event),
  ...(goesOut && { told: announcementOf(event) }),
});

/** Longer than any sentence of ours; custom fields can make it so. */
const longestSentence = 1000;

function announced({ by, detail }: Announcement, what: string): Announced {
  return { what: cutVisibly(what, longestSentence), ...(by && { by }), ...(detail && { detail }) };
}

function foldAll(from: IncidentState, entries: Entry[]): Step[] {
  let state = from;
  return entries.map(({ event, foldEvent, told }) => {
    const before = state;
    state = fold(state, foldEvent);
    const what = told && sentence(told.happened, event.eventType, before, state);
    const ends = state.resolved_at !== undefined && state.resolved_at !== before.resolved_at;
    const imported = foldEvent.told?.report?.source === importedSource;
    return { event, state, ends, imported, announcement: told && announced(told, what ?? told.happened) };
  });
}
