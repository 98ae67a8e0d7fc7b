import { DatadogFault } from '../../adapters/datadog-api/dora-lists.ts';
import type { Detecting } from '../../adapters/destinations/datadog/detecting.ts';
import { type DeploymentEntry, reported } from '../../domain/deployment/log-events.ts';
import { isDetected, readListedDeployment } from '../../domain/dora/datadog-records.ts';
import { iso } from '../../store/database/due.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import { appendEvent } from '../../store/events/append-event.ts';
import { type Detected, type KeptDetected, readDetected, saveDetected } from '../../store/state/detected.ts';
import { newestFirst } from '../import-datadog/newest-first.ts';
import { windowOf } from '../links/deps.ts';
import { loggedEvent } from '../receive/incoming-event.ts';
import type { SweepRun } from './sweep-report.ts';

const everyMs = 5 * 60_000;
/** What APM detects it shows later than it began, by an unknown time: so much is looked at again each time. */
const againMs = 6 * 3_600_000;
/** A sweep is not to last longer because of it, on a laptop the next one waits for it. */
const longestMs = 20_000;
const longestPauseMs = 3_600_000;
/** What was broken off goes on with the next sweep. */
const soonMs = 60_000;
const writesAtOnce = 8;
/** Enough of an event's id to know it by; so many at most, or the row would cost more than it saves. */
const idLength = 16;
const mostSeen = 2_000;

/** What this process knows of each Datadog, so that most sweeps need not read: when it is asked again. */
export type Asked = Map<string, Pick<Detected, 'nextMs' | 'failing'>>;
export const createAsked = (): Asked => new Map();

/**
 * Asks a Datadog, every five minutes, which deployments its APM has detected, and writes each into the log as a report:
 * from there it goes the way of every deployment. What somebody has told Datadog, this bridge among them, is left alone.
 * Whoever reads claims the turn first, so two sweeps do not ask twice; the row says how far all of it is written down,
 * so what was broken off goes on, and what was missed is found.
 *
 *     through − 6 h          through                            now
 *     ──┬─────────────────────┬──────────────────────────────────┬──▶ started at
 *       └── looked at again ──┴────────────── new ───────────────┘
 *                                  reached ◀── newest first ─────┘   broken off: the next one goes on from there
 */
export async function takeDetected(
  { deps, stopAtMs }: SweepRun,
  { name, ask }: Detecting,
  asked: Asked,
): Promise<void> {
  const { store, clock, telemetry, config } = deps;
  const known = asked.get(name);
  if (known && known.nextMs > clock.now()) return sayFailing(known);
  const kept = await readDetected(store, name);
  const now = clock.now();
  const before = kept.detected ?? { throughMs: now - windowOf(config), nextMs: 0, seen: [] };
  if (before.nextMs > now) {
    asked.set(name, before);
    return sayFailing(before);
  }
  // Beforehand, so that whoever dies of it does not begin again at once.
  const claim = await keep(kept, { ...before, nextMs: now + everyMs });
  if (!claim) return;
  let reached = before;
  try {
    for await (const further of read(before, now, Math.min(stopAtMs, now + longestMs))) reached = further;
    const nextMs = now + (reached.open ? soonMs : everyMs);
    await keep(claim, { ...reached, nextMs, failing: undefined });
  } catch (error) {
    if (!(error instanceof DatadogFault)) throw error;
    telemetry.warn('Datadog could not be asked for the deployments that it has detected', {
      destination: name,
      reason: error.message,
    });
    const pauseMs = Math.min(Math.max(error.retryAfterMs ?? 0, everyMs), longestPauseMs);
    const failing = { sinceMs: before.failing?.sinceMs ?? now, reason: error.message };
    await keep(claim, { ...reached, nextMs: clock.now() + pauseMs, failing });
    sayFailing({ failing });
  }

  async function keep(from: KeptDetected, detected: Detected): Promise<KeptDetected | undefined> {
    const saved = await saveDetected(store, name, from, detected);
    if (saved) asked.set(name, detected);
    return saved;
  }

  /** Once more a destination that is out of reach, for the alarm that there is. */
  function sayFailing({ failing }: Pick<Detected, 'failing'>): void {
    if (failing) telemetry.metric('DestinationDownFor', (clock.now() - failing.sinceMs) / 1000, name);
  }

  /** Page by page, how far it has come with each. */
  async function* read(from: Detected, nowMs: number, deadlineMs: number): AsyncGenerator<Detected> {
    const toMs = from.open?.toMs ?? nowMs;
    const range = { fromMs: from.throughMs - againMs, toMs: from.open?.reachedMs ?? nowMs };
    const known = new Set(from.seen);
    const seen = new Set(from.open ? from.seen : []);
    const counted = { listed: 0, written: 0, unreadable: 0 };
    const soFar = () => ({ ...from, seen: [...seen].slice(0, mostSeen) });
    let isOver = true;
    for await (const { items, reachedMs, crowdedAtMs } of newestFirst(ask, range, startOf)) {
      await inParallel(items.filter(isDetected), writesAtOnce, async (item) => {
        const event = eventOf(item, name);
        if (event === undefined) return void counted.unreadable++;
        const id = event.eventId.slice(0, idLength);
        if (!known.has(id) && (await write(event)) === 'accepted') counted.written++;
        seen.add(id);
      });
      counted.listed += items.length;
      if (crowdedAtMs !== undefined)
        telemetry.warn('more deployments began at one moment than Datadog lists at once', {
          destination: name,
          at: iso(crowdedAtMs),
        });
      yield { ...soFar(), open: { toMs, reachedMs } };
      isOver = reachedMs < range.fromMs || clock.now() < deadlineMs;
      if (!isOver) break;
    }
    telemetry.info('Datadog was asked for the deployments that it has detected', {
      destination: name,
      ...counted,
    });
    if (isOver) yield { ...soFar(), throughMs: toMs, open: undefined };
  }

  async function write(event: DeploymentEntry): Promise<'accepted' | 'duplicate'> {
    const at = clock.now();
    return appendEvent(store, loggedEvent(event, iso(at), {}), at);
  }
}

/**
 * What Datadog thinks of a deployment is not taken: its verdict may be the mark that was made from here, and would
 * stand when that is taken off.
 */
function eventOf(item: unknown, name: string): DeploymentEntry | undefined {
  const read = readListedDeployment(item);
  return read.kind === 'deployment' ? reported({ ...read.report, detected_by: name }) : undefined;
}

function startOf(item: unknown): number | undefined {
  const { attributes } = (item ?? {}) as { attributes?: { started_at?: unknown } };
  const ms = Date.parse(String(attributes?.started_at));
  return Number.isNaN(ms) ? undefined : ms;
}
