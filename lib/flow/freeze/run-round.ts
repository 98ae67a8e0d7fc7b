import { borrowIdentity } from '../../domain/incident/borrow-identity.ts';
import { stayOf } from '../../domain/incident/state.ts';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { type DueEvent, type EventKey, markEventDue } from '../../store/events/events.ts';
import { frozenAfter, type Outgoing, readOutgoing } from '../../store/outgoing/outgoing.ts';
import type { Released } from '../deliver/release-left-out.ts';
import { correctAttribution } from './correct-attribution.ts';
import { recallCounted, releaseForCounted } from './counted-since.ts';
import type { ProcessDeps } from './deps.ts';
import { freezeEvent } from './freeze-events.ts';
import { incidentRow } from './incident-row.ts';
import { letGoAttributes, waitsUntil } from './never-told.ts';
import { hasUnmarked, type Progress, type RecordedMatch } from './progress.ts';
import type { Pass } from './read-pass.ts';
import { readUnfrozen } from './read-unfrozen.ts';
import { adopt, noteSubscriptions } from './recorded-facts.ts';
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
  /** They have waited long enough. */
  letGo?: true;
  more: boolean;
  attributes: Row;
}

/**
 * Where the first held event belongs to a service the incident has left since, pinning either service may set it
 * free, but the index has room for one: such an incident is judged again by every sweep.
 */
const judgedAnew = 'moved';

/** When `sweep` looks after an event again whose worker has died. */
export const markMs = 60_000;

/** Everything between taking the lease and writing the incident's row, once. Changes `progress`. */
export async function runRound(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  woken: string[],
  claim: Claim,
  stopAtMs: number,
): Promise<Round> {
  const { store, clock, telemetry } = deps;
  const known = progress.lastSequence;
  const ahead = await frozenAfter(store, incidentId, known);
  adopt(progress, ahead);
  if (known === 0 && ahead.length > 0) await recallCounted(store, incidentId, progress);
  const released = new Map<number, Released[]>();
  for (const frozen of ahead) released.set(frozen.sequence, await writeDeliveries(deps, frozen, claim));
  await releaseForCounted(deps, incidentId, progress);
  const { rematch } = progress;
  const heldAt = progress.state && stayOf(progress.state)?.key;
  const read = await readUnfrozen(deps, incidentId, progress, woken, ahead.length > 0);
  if (!read) {
    const owed = ahead.map((outgoing) => ({
      outgoing,
      dueAt: undefined,
      released: released.get(outgoing.sequence) ?? [],
    }));
    return { owed, held: [], more: false, attributes: progress.forwarding ? {} : { forwarding: 'settled' } };
  }
  const { pass, attributor } = read;
  const before = await alreadyFrozen(deps, incidentId, pass, woken);
  const owed: OwedEvent[] = before.map((outgoing) => ({ outgoing, dueAt: pass.marks.get(outgoing.logKey) }));
  for (const outgoing of ahead) {
    // A worker that came back may have frozen what others hold since, whose mark is gone.
    const { logKey } = outgoing;
    const dueAt = pass.marks.get(logKey) ?? (await renewMark(deps, { incidentId, logKey }));
    owed.push({ outgoing, dueAt, released: released.get(outgoing.sequence) ?? [] });
  }
  noteSubscriptions(deps, incidentId, progress, pass);

  const firstAtService = pass.unfrozen.find((step) => stayOf(step.state))?.state ?? pass.current;
  const held: DueEvent[] = [];
  let heldReason = read.stillHeld;
  let movedWhileHeld =
    heldReason !== undefined &&
    (progress.heldJudgedBy === judgedAnew || heldAt !== stayOf(pass.current)?.key);
  let unfinished: EventKey | undefined;
  for (const step of pass.unfrozen) {
    const key = { incidentId, logKey: step.event.logKey };
    if (heldReason !== undefined) {
      if (step.event.dueAt) held.push({ ...key, dueAt: step.event.dueAt });
      continue;
    }
    if (clock.now() > stopAtMs) {
      unfinished = key;
      break;
    }
    const late = progress.frozenThrough !== undefined && step.event.logKey < progress.frozenThrough;
    const state = late ? pass.current : borrowIdentity(step.state, firstAtService);
    const attribution = await attributor.attribute({ event: step.event, state });
    if (attribution.kind === 'held') {
      heldReason = attribution.reason;
      movedWhileHeld = stayOf(state)?.key !== stayOf(pass.current)?.key;
      if (step.event.dueAt) held.push({ ...key, dueAt: step.event.dueAt });
      continue;
    }
    const dropped = attribution.kind === 'dropped';
    const match = dropped ? unmatched(attribution.stay) : attribution.match;
    // An event that was held has no mark, or its last holder still takes it off; now it owes something.
    let { dueAt } = step.event;
    if (!dueAt || hasUnmarked(progress)) {
      dueAt = await renewMark(deps, key);
    }
    const frozen = await freezeEvent(
      deps,
      progress,
      {
        event: step.event,
        state,
        announcement: step.announcement,
        late,
        stay: match.stay,
        match,
        ...(dropped ? { skipped: 'unmatched' } : {}),
      },
      claim,
    );
    telemetry.metric('EventsFrozen', 1);
    owed.push({ ...frozen, dueAt });
  }
  if (heldReason === undefined && !unfinished) {
    if (rematch) await attributor.matchCurrent();
    if (progress.resend) {
      await correctAttribution(deps, progress, pass, claim);
      progress.resend = false;
      progress.resent = true;
    }
  }
  if (unfinished) await markEventDue(store, unfinished, clock.now());
  if (heldReason === 'unmatched' && progress.heldReason !== 'unmatched') telemetry.metric('IncidentsHeld', 1);
  const waitsUntilMs = heldReason === 'no_service_yet' ? waitsUntil(pass, progress, deps.config) : undefined;
  const letGo = waitsUntilMs !== undefined && clock.now() >= waitsUntilMs;
  if (letGo) {
    heldReason = undefined;
    telemetry.info('incident let go: nothing ever told its service', { incident_id: incidentId });
  }

  progress.state = pass.current;
  progress.foldedThrough = pass.foldedThrough;
  progress.eventCount = pass.current.event_count;
  progress.backlog = unfinished !== undefined;
  progress.held = heldReason !== undefined;
  progress.heldReason = heldReason;
  const judgement = heldReason === 'unmatched' ? attributor.heldBy() : undefined;
  const judgedBy = movedWhileHeld ? judgedAnew : judgement?.judgedBy;
  if (judgement && judgedBy) progress.heldJudgedBy = judgedBy;
  else delete progress.heldJudgedBy;
  const forwarding = forwardingOf(progress, { unfinished: unfinished !== undefined });
  return {
    owed,
    held,
    more: unfinished !== undefined,
    ...(waitsUntilMs === undefined ? {} : { waitsUntilMs }),
    ...(letGo ? { letGo } : {}),
    ...(judgement && !movedWhileHeld
      ? { heldBy: { serviceId: judgement.service.id, judgedBy: judgement.judgedBy } }
      : {}),
    attributes: {
      ...incidentRow(deps, progress, pass),
      ...(forwarding && { forwarding, expires_at: undefined }),
      held_reason: heldReason,
      held_service: judgement?.service.id,
      held_judged_by: judgement && judgedBy,
      reason: undefined,
      ...(letGo ? letGoAttributes(deps.config, clock.now()) : {}),
    },
  };
}

/**
 * What the row is to say of forwarding. Undefined: its own word stands, because nothing new is owed, and whoever
 * delivers may have changed it since it was read.
 */
function forwardingOf(progress: Progress, { unfinished }: { unfinished: boolean }): string | undefined {
  if (progress.held) return 'held';
  const known = progress.forwarding === 'pending' || progress.forwarding === 'settled';
  return progress.frozenNow || unfinished || !known ? 'pending' : undefined;
}

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
): Promise<Outgoing[]> {
  const sequences = woken.map((key) => pass.frozen.get(key)).filter((sequence) => sequence !== undefined);
  const rows = await Promise.all(sequences.map((sequence) => readOutgoing(deps.store, incidentId, sequence)));
  return rows.filter((row) => row !== undefined);
}

const unmatched = (stay: string): RecordedMatch => ({
  stay,
  rule: 'none',
  services: [],
  explanation:
    'Matches nothing in the catalog; the configuration says to drop such incidents (unmatched: drop).',
  matched_at: iso(0),
});
