import { breakerVerdict } from '../../domain/retry/breaker.ts';
import { firstPace } from '../../domain/retry/pace.ts';
import { isUpcoming } from '../../store/database/due.ts';
import { type DeliveryKey, deliveryId } from '../../store/deliveries/delivery.ts';
import { noteSwift, readHealth } from '../../store/destinations/destinations.ts';
import { giveBack, reserve } from '../../store/destinations/in-flight.ts';
import { boundOf, clockDifferenceMs } from '../deliver/send-in-turn.ts';
import { type Answers, createAnswers } from './answers.ts';
import { atPace } from './at-pace.ts';
import { deliver } from './deliver.ts';
import { type Due, dueAt } from './due-deliveries.ts';
import { noteAge, type SweepRun } from './sweep-report.ts';

/** Of each shard at a time: what is read of a backlog stays as small, however large it is. */
const batch = 100;
/** So few are sent beside what `forward` sends; more are caught up with, and new events join the end of the line. */
const few = 16;
/** How often a slow destination is looked at for new deliveries, which only `sweep` waits for. */
const lookAgainMs = 5_000;
/** Then what was left to this worker while it was ending is in the index. */
const afterwardsMs = 1_000;

/** What is due at one destination, page by page. */
interface Backlog {
  name: string;
  seen: Set<string>;
  next(): Promise<Due[]>;
  answers: Answers;
  /** Nothing is begun after this: an attempt takes its time. */
  stopAtMs: number;
}

const labelOf = (key: DeliveryKey): string =>
  `${key.incidentId}/${deliveryId(key.destination, key.sequence)}`;

/**
 * Sends what is due at a destination, at the pace at which it answers, until nothing is or time is up: incidents side
 * by side, each in its order. `most` bounds it where nothing can be sent anyway.
 */
export async function catchUp(
  run: SweepRun,
  name: string,
  { slow, most = Number.POSITIVE_INFINITY }: { slow: boolean; most?: number },
): Promise<void> {
  const { clock, destinations } = run.deps;
  const timeoutMs = destinations.find((each) => each.name === name)?.timeoutMs ?? 0;
  const stopAtMs = run.stopAtMs - timeoutMs;
  const seen = new Set<string>();
  const next = async (): Promise<Due[]> => {
    if (clock.now() >= stopAtMs || seen.size >= most) return [];
    const due = (await dueAt(run.deps, name, batch)).filter((key) => !seen.has(labelOf(key)));
    return due.slice(0, most - seen.size);
  };
  const backlog: Backlog = { name, seen, next, answers: createAnswers(), stopAtMs };
  for (let due = await next(); slow || due.length > 0; due = await next()) {
    const outcome = due.length === 0 ? 'sent' : await sendReserved(run, backlog, due);
    if (outcome === 'stop') return;
    if (outcome === 'caught_up' && clock.now() + afterwardsMs < stopAtMs) await clock.sleep(afterwardsMs);
    else if (!(await waitsForSlow(run, backlog))) return;
  }
}

/** Whether it has waited because the destination is slow: then whatever comes in is left to this worker. */
async function waitsForSlow({ deps }: SweepRun, { name, answers, stopAtMs }: Backlog): Promise<boolean> {
  const now = deps.clock.now();
  const { slowUntilMs, breaker } = await readHealth(deps.store, name);
  if (!isUpcoming(slowUntilMs, now) || breakerVerdict(breaker, now) !== 'closed') return false;
  if (answers.isSwift()) {
    await noteSwift(deps.store, name);
    return false;
  }
  if (now + lookAgainMs >= stopAtMs) return false;
  await deps.clock.sleep(lookAgainMs);
  return true;
}

/** `caught_up`: until now `forward` has left deliveries to this worker. */
async function sendReserved(
  run: SweepRun,
  backlog: Backlog,
  first: Due[],
): Promise<'sent' | 'caught_up' | 'stop'> {
  const { store, clock, random } = run.deps;
  const { name, answers } = backlog;
  const bound = boundOf(run.deps, name);
  if (bound === undefined && first.length <= few) {
    answers.begin(few / 2);
    return (await send(run, backlog, first)) ? 'sent' : 'stop';
  }
  const token = random.token();
  const { most } = firstPace(bound);
  const wanted = { token, attempts: most, untilMs: run.stopAtMs + clockDifferenceMs };
  const granted = await reserve(store, name, wanted, most, clock.now());
  // Somebody else is at it.
  if (granted === 0) return 'stop';
  answers.begin(granted);
  try {
    for (let due = first; due.length > 0; due = await backlog.next()) {
      if (!(await send(run, backlog, due))) return 'stop';
    }
    return 'caught_up';
  } finally {
    await giveBack(store, name, token, clock.now());
  }
}

/** `false` when the destination's breaker has opened, and there is no reason to go on. */
async function send(run: SweepRun, backlog: Backlog, due: readonly Due[]): Promise<boolean> {
  const { deps } = run;
  const { name, seen, answers, stopAtMs } = backlog;
  const incidents = new Map<string, DeliveryKey[]>();
  for (const key of due) {
    noteAge(run, key.dueAt);
    incidents.set(key.incidentId, [...(incidents.get(key.incidentId) ?? []), key]);
  }
  let opened = false;
  const enough = () => opened || deps.clock.now() >= stopAtMs;
  await atPace(incidents.values(), { atOnce: answers.atOnce, enough }, async (keys) => {
    for (const key of keys) seen.add(labelOf(key));
    await deliver(run, keys, { probing: false, catchingUp: answers });
    if (!answers.troubled()) return;
    const { breaker } = await readHealth(deps.store, name);
    opened = breakerVerdict(breaker, deps.clock.now()) !== 'closed';
  });
  return !opened;
}
