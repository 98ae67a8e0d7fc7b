import { identify as identifyDeployment } from '../../domain/deployment/identify.ts';
import { patchedAs, reported } from '../../domain/deployment/log-events.ts';
import { readFailure, readListedDeployment } from '../../domain/dora/datadog-records.ts';
import { identify } from '../../domain/incident-report/identify.ts';
import type { Clock } from '../../ports.ts';
import { iso } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import { appendEvent } from '../../store/events/append-event.ts';
import { changeState, readState } from '../../store/state/state.ts';
import { type IncomingEvent, loggedEvent } from '../receive/incoming-event.ts';
import type { Known } from './known-incidents.ts';
import { type AskForPage, newestFirst } from './newest-first.ts';

export type Imported = 'failures' | 'deployments';

export interface ImportDeps {
  store: Store;
  clock: Pick<Clock, 'now'>;
  ask: AskForPage;
  /** Which failures the bridge knows already under another id. */
  isKnown: Known;
  progress?(read: number, reachedMs: number): void;
}

export interface Tally {
  read: number;
  /** Written down now. */
  imported: number;
  /** Written down by an earlier import. */
  before: number;
  /** Sent to Datadog by this bridge, or known to it from elsewhere. */
  known: number;
  unreadable: { id: string; reason: string }[];
  /** Moments at which more may have started than Datadog gives at once. */
  crowded: string[];
}

interface Range {
  fromMs: number;
  toMs: number;
}

const writesAtOnce = 16;

/**
 * Reads one of Datadog's lists back into the log, each thing once: the same import again writes nothing. Where an
 * earlier one of the same range was cut off, it goes on from there. Nothing is sent to anybody.
 */
export async function importDatadog(deps: ImportDeps, what: Imported, range: Range): Promise<Tally> {
  const tally: Tally = { read: 0, imported: 0, before: 0, known: 0, unreadable: [], crowded: [] };
  for (const part of await partsOf(deps, what, range)) {
    for await (const page of newestFirst(deps.ask, part, startOf)) {
      await inParallel(page.items, writesAtOnce, (item) => importOne(deps, what, item, tally));
      tally.read += page.items.length;
      if (page.crowdedAtMs !== undefined) tally.crowded.push(iso(page.crowdedAtMs));
      await note(deps, what, {
        from: iso(range.fromMs),
        newest: iso(range.toMs),
        reached: iso(page.reachedMs),
        done: false,
      });
      deps.progress?.(tally.read, page.reachedMs);
    }
  }
  await note(deps, what, {
    from: iso(range.fromMs),
    newest: iso(range.toMs),
    reached: iso(range.fromMs),
    done: true,
  });
  return tally;
}

/** What was cut off is read from where it was; what has come since, before that. */
async function partsOf({ store }: ImportDeps, what: Imported, range: Range): Promise<Range[]> {
  const { row } = await readState(store, nameOf(what));
  const [from, newest, reached] = ['from', 'newest', 'reached'].map((name) => Date.parse(String(row[name])));
  const goesOn =
    row['done'] === false && from === range.fromMs && newest !== undefined && reached !== undefined;
  if (!goesOn || newest > range.toMs || reached < range.fromMs) return [range];
  const since = newest < range.toMs ? [{ fromMs: newest, toMs: range.toMs }] : [];
  return [...since, { fromMs: range.fromMs, toMs: reached }];
}

const nameOf = (what: Imported): string => `import#datadog#${what}`;

async function note(
  { store }: ImportDeps,
  what: Imported,
  set: Record<string, string | boolean>,
): Promise<void> {
  // Two imports at once only make each other read more.
  await changeState(store, nameOf(what), await readState(store, nameOf(what)), set);
}

async function importOne(deps: ImportDeps, what: Imported, item: unknown, tally: Tally): Promise<void> {
  const id = String((item as { id?: unknown } | null)?.id);
  const events = what === 'failures' ? eventsOfFailure(item, deps.isKnown) : eventsOfDeployment(item);
  if (events === 'known') {
    tally.known++;
    return;
  }
  if ('reason' in events) {
    tally.unreadable.push({ id, reason: events.reason });
    return;
  }
  let written = false;
  for (const event of events) {
    const now = deps.clock.now();
    if ((await appendEvent(deps.store, loggedEvent(event, iso(now), {}), now)) === 'accepted') written = true;
  }
  tally[written ? 'imported' : 'before']++;
}

function eventsOfFailure(item: unknown, isKnown: Known): IncomingEvent[] | 'known' | { reason: string } {
  const read = readFailure(item);
  if (read.kind === 'unreadable') return read;
  if (read.kind === 'ours' || isKnown(read.report)) return 'known';
  return [identify(read.report)];
}

function eventsOfDeployment(item: unknown): IncomingEvent[] | { reason: string } {
  const read = readListedDeployment(item);
  if (read.kind === 'unreadable') return read;
  const { report, verdict } = read;
  const atMs = Date.parse(report.finished_at ?? report.started_at ?? '');
  return [reported(report), ...(verdict ? [patchedAs(identifyDeployment(report), verdict, atMs)] : [])];
}

function startOf(item: unknown): number | undefined {
  const failure = readFailure(item);
  if (failure.kind === 'failure') return Date.parse(failure.report.started_at ?? '');
  const attributes = (item as { attributes?: { started_at?: unknown } } | null)?.attributes;
  const ms = Date.parse(String(attributes?.started_at));
  return Number.isNaN(ms) ? undefined : ms;
}
