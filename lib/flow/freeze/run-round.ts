import { stayOf } from '../../domain/incident/state.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { type DueEvent, type EventKey, markEventDue } from '../../store/events/events.ts';
import { frozenAfter, type Outgoing, readOutgoing } from '../../store/outgoing/outgoing.ts';
import type { Released } from '../deliver/release-left-out.ts';
import type { Attribution, Attributor } from './attribute-events.ts';
import { concludeRound, isJudgedAnew } from './conclude-round.ts';
import { correctAttribution } from './correct-attribution.ts';
import { recallCounted, releaseForCounted } from './counted-since.ts';
import type { ProcessDeps } from './deps.ts';
import { freezeEvent, SequenceTaken } from './freeze-events.ts';
import { judgeCause } from './judge-cause.ts';
import { asksAt, waitsUntil } from './never-told.ts';
import { type Plan, planRound, type Telling, tellings } from './plan-round.ts';
import { hasUnmarked, type Progress } from './progress.ts';
import type { Pass } from './read-pass.ts';
import { readUnfrozen } from './read-unfrozen.ts';
import { adopt, noteSubscriptions } from './recorded-facts.ts';
import { releaseHistory } from './release-history.ts';
import { writeDeliveries } from './write-deliveries.ts';

/** A frozen event, perhaps not delivered yet, and the due mark it was seen with, if it had one. */
export interface OwedEvent {
  outgoing: Outgoing;
  dueAt: string | undefined;
  /** Earlier events that were left out and are owed now, because the incident has begun to count with this one. */
  released?: Released[];
}

export interface Round {
  owed: OwedEvent[];
  held: DueEvent[];
  heldBy?: { serviceId: string; judgedBy: string };
  /** The held events wait for an event that names their incident's service, until then. */
  waitsUntilMs?: number;
  /** When PagerDuty is to be asked for it, where it can be. */
  askAtMs?: number;
  /** They have waited long enough. */
  letGo?: true;
  more: boolean;
  /** Events that tell of what others tell, to be settled once the row is written. */
  twins: DueEvent[];
  attributes: Row;
}

/** When `sweep` looks after an event again whose worker has died. */
export const markMs = 60_000;

/**
 * Everything between taking the lease and writing the incident's row, once: take over what is frozen, read, decide
 * (plan-round.ts), carry it out, and say what the row is to hold (conclude-round.ts). Changes `progress`.
 */
export async function runRound(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  woken: string[],
  claim: Claim,
  stopAtMs: number,
): Promise<Round> {
  const { store, clock, telemetry } = deps;
  const ahead = await takeOver(deps, incidentId, progress, claim);
  const { rematch } = progress;
  const heldAt = progress.state && stayOf(progress.state)?.key;
  const read = await readUnfrozen(deps, incidentId, progress, woken, ahead.length > 0);
  if (!read) {
    const attributes: Row = progress.forwarding ? {} : { forwarding: 'settled' };
    return { owed: ahead, held: [], more: false, twins: [], attributes };
  }
  const { pass, attributor } = read;
  // Frozen since then, by a worker that came back: that has to be taken over as well.
  const newest = Math.max(0, ...pass.frozen.values());
  if (newest > progress.lastSequence) throw new SequenceTaken(incidentId, newest);
  const owed = await alreadyFrozen(deps, incidentId, pass, woken);
  for (const { outgoing, released } of ahead) {
    // A worker that came back may have frozen what others hold since, whose mark is gone.
    const { logKey } = outgoing;
    const dueAt = pass.marks.get(logKey) ?? (await renewMark(deps, { incidentId, logKey }));
    owed.push({ outgoing, dueAt, ...(released && { released }) });
  }
  noteSubscriptions(deps, incidentId, progress, pass);
  for (const { releases, dueAt } of pass.twins) {
    // A mark that is gone says that this was done.
    if (releases !== undefined && dueAt) await releaseHistory(deps, progress, incidentId, releases);
  }

  const stillHeld = read.stillHeld && {
    reason: read.stillHeld,
    moved: isJudgedAnew(progress) || heldAt !== stayOf(pass.current)?.key,
  };
  const told = tellings(pass, { frozenThrough: progress.frozenThrough, unmarked: hasUnmarked(progress) });
  const attributions = stillHeld ? [] : await attributionsOf(attributor, told);
  const plan = planRound(pass, told, attributions, stillHeld);
  await judgeCause(deps, progress, pass);
  const frozen = await carryOut(deps, incidentId, progress, plan, claim, stopAtMs);
  owed.push(...frozen.owed);
  const { unfinished } = frozen;
  if (unfinished) await markEventDue(store, unfinished, clock.now());
  let held = unfinished ? undefined : plan.held;

  if (!held && !unfinished) {
    if (rematch) {
      await attributor.matchCurrent();
      await judgeCause(deps, progress, pass);
    }
    if (progress.resend) {
      await correctAttribution(deps, progress, pass, claim);
      progress.resend = false;
      progress.resent = true;
    }
  }
  const waitsUntilMs =
    held?.reason === 'no_service_yet' ? waitsUntil(pass, progress, deps.config) : undefined;
  const letGo = waitsUntilMs !== undefined && clock.now() >= waitsUntilMs;
  if (letGo) {
    held = undefined;
    telemetry.info('incident let go: nothing ever told its service', { incident_id: incidentId });
  }
  return {
    owed,
    held: unfinished ? [] : dueEvents(incidentId, plan),
    more: unfinished !== undefined,
    twins: pass.twins.flatMap(({ logKey, dueAt }) => (dueAt ? [{ incidentId, logKey, dueAt }] : [])),
    ...(waitsUntilMs === undefined ? {} : { waitsUntilMs }),
    ...(waitsUntilMs !== undefined && deps.config.pagerduty ? { askAtMs: asksAt(pass, progress) } : {}),
    ...(letGo ? { letGo } : {}),
    ...concludeRound(deps, progress, pass, {
      held,
      judgement: attributor.heldBy(),
      unfinished: unfinished !== undefined,
      letGo,
    }),
  };
}

/** What a worker froze that did not come to writing the incident's row, or a row that was lost. */
async function takeOver(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  claim: Claim,
): Promise<OwedEvent[]> {
  const known = progress.lastSequence;
  const ahead = await frozenAfter(deps.store, incidentId, known);
  adopt(progress, ahead);
  if (known === 0 && ahead.length > 0) await recallCounted(deps.store, incidentId, progress);
  const owed: OwedEvent[] = [];
  for (const outgoing of ahead)
    owed.push({ outgoing, dueAt: undefined, released: await writeDeliveries(deps, outgoing, claim) });
  await releaseForCounted(deps, incidentId, progress);
  return owed;
}

/** In log order, up to the first that is held: what comes behind it waits whatever it is. */
async function attributionsOf(attributor: Attributor, told: readonly Telling[]): Promise<Attribution[]> {
  const attributions: Attribution[] = [];
  for (const { step, state } of told) {
    const attribution = await attributor.attribute({ ...step, state });
    attributions.push(attribution);
    if (attribution.kind === 'held') break;
  }
  return attributions;
}

/** Freezes what the plan says, as far as time reaches; `unfinished` is the first it did not reach. */
async function carryOut(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  plan: Plan,
  claim: Claim,
  stopAtMs: number,
): Promise<{ owed: OwedEvent[]; unfinished?: EventKey }> {
  const owed: OwedEvent[] = [];
  for (const { step, state, late, unmarked, match, skipped } of plan.freeze) {
    const { event, announcement, ends = false } = step;
    const key = { incidentId, logKey: event.logKey };
    if (deps.clock.now() > stopAtMs) return { owed, unfinished: key };
    const dueAt = unmarked ? await renewMark(deps, key) : event.dueAt;
    const what = { event, state, announcement, ends, late, stay: match.stay, match };
    const frozen = await freezeEvent(deps, progress, { ...what, ...(skipped && { skipped }) }, claim);
    deps.telemetry.metric('EventsFrozen', 1);
    owed.push({ ...frozen, dueAt });
  }
  return { owed };
}

const dueEvents = (incidentId: string, { hold }: Plan): DueEvent[] =>
  hold.flatMap(({ event: { logKey, dueAt } }) => (dueAt ? [{ incidentId, logKey, dueAt }] : []));

/** Somebody must look after the event again, if this worker dies. */
async function renewMark({ store, clock }: ProcessDeps, key: EventKey): Promise<string | undefined> {
  return (await markEventDue(store, key, clock.now() + markMs))?.dueAt;
}

/** Events that woke the worker and turn out to be frozen: their deliveries may never have been tried. */
async function alreadyFrozen(
  deps: ProcessDeps,
  incidentId: string,
  pass: Pass,
  woken: string[],
): Promise<OwedEvent[]> {
  const sequences = woken.map((key) => pass.frozen.get(key)).filter((sequence) => sequence !== undefined);
  const rows = await Promise.all(sequences.map((sequence) => readOutgoing(deps.store, incidentId, sequence)));
  return rows.flatMap((outgoing) => (outgoing ? [{ outgoing, dueAt: pass.marks.get(outgoing.logKey) }] : []));
}
