import { incidentAttributes } from '../incident/incident-attributes.ts';
import { stayOf } from '../incident/state.ts';
import type { Claim } from '../store/deliveries.ts';
import { iso } from '../store/due.ts';
import { type EventKey, eventsStillDue, markEventDue } from '../store/events.ts';
import { abandonLease, acquireLease, commitIncident, type Lease, refreshLease } from '../store/incidents.ts';
import { frozenAfter, type Outgoing, readOutgoing } from '../store/outgoing.ts';
import type { Row } from '../store/request.ts';
import { type Attributor, createAttributor } from './attribute-events.ts';
import type { ProcessDeps } from './deps.ts';
import { freezeEvent, SequenceTaken, writeDeliveries } from './freeze-events.ts';
import { type Progress, progressAttributes, type RecordedMatch, toProgress } from './progress.ts';
import { fullPass, incrementalPass, type Pass } from './read-pass.ts';

/** How long a worker may fold, match and freeze before another one takes over. */
export const leaseMs = 30_000;
/** Nothing new is begun in the last part of a lease. */
const leaseMarginMs = 10_000;

export type Processed =
  | {
      kind: 'processed';
      /** What the events owe now: frozen in this run, or before it and not known to be sent. */
      owed: Outgoing[];
      /** Events that are held; their due marks can go once the judgement is confirmed. */
      held: EventKey[];
      heldBy?: { serviceId: string; judgedBy: string };
      /** Events whose due marks had gone already. */
      more: boolean;
    }
  /** Another worker has the incident and knows that there is more. */
  | { kind: 'taken' }
  /** Another worker took over; it does the rest. */
  | { kind: 'lost' };

/**
 * Works out what one incident looks like and what it owes, under the incident's lease: read the log, fold it,
 * match each stay, freeze what can go out, write the rows of its deliveries. Sends nothing. `wokenBy` are log
 * keys of events that need attention. Deliveries it creates are claimed with `claim`.
 */
export async function processIncident(
  deps: ProcessDeps,
  incidentId: string,
  wokenBy: readonly string[],
  claim: Claim,
): Promise<Processed> {
  const { store, clock, random } = deps;
  const startedAt = clock.now();
  const leaseUntil = startedAt + leaseMs;
  const taken = await acquireLease(store, incidentId, random.token(), startedAt, leaseUntil, wokenBy);
  if (taken === 'taken') return { kind: 'taken' };
  let lease: Lease = taken;
  try {
    const owed = new Map<number, Outgoing>();
    const held = new Map<string, EventKey>();
    let progress = toProgress(lease.row);
    for (;;) {
      const woken = [...wokenBy, ...notes(lease.row)];
      let round: Round;
      try {
        round = await runRound(deps, incidentId, progress, woken, claim, leaseUntil - leaseMarginMs);
      } catch (error) {
        if (!(error instanceof SequenceTaken)) throw error;
        const refreshed = await refreshLease(store, lease);
        if (refreshed === 'lost') return { kind: 'lost' };
        lease = refreshed;
        progress = toProgress(lease.row);
        continue;
      }
      for (const frozen of round.owed) owed.set(frozen.sequence, frozen);
      if (!progress.held) held.clear();
      for (const key of round.held) held.set(key.logKey, key);
      const committed = await commitIncident(store, lease, round.attributes);
      if (committed === 'lost') return { kind: 'lost' };
      if (committed === 'released') {
        const { heldBy, more } = round;
        return {
          kind: 'processed',
          owed: [...owed.values()].sort((a, b) => a.sequence - b.sequence),
          held: [...held.values()],
          more,
          ...(heldBy ? { heldBy } : {}),
        };
      }
      const refreshed = await refreshLease(store, lease);
      if (refreshed === 'lost') return { kind: 'lost' };
      lease = refreshed;
      if (clock.now() > leaseUntil - leaseMarginMs) {
        await abandonLease(store, lease);
        return { kind: 'lost' };
      }
    }
  } catch (error) {
    await abandonLease(store, lease).catch(() => {});
    throw error;
  }
}

const notes = (row: Row): string[] => (row['woken'] instanceof Set ? [...row['woken']].map(String) : []);

interface Round {
  owed: Outgoing[];
  held: EventKey[];
  heldBy?: { serviceId: string; judgedBy: string };
  more: boolean;
  attributes: Row;
}

async function runRound(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  woken: string[],
  claim: Claim,
  stopAtMs: number,
): Promise<Round> {
  const { store, clock, telemetry } = deps;
  const ahead = await frozenAfter(store, incidentId, progress.lastSequence);
  for (const frozen of ahead) {
    adopt(progress, frozen);
    await writeDeliveries(deps, frozen, claim);
  }
  const read = await readPass(deps, incidentId, progress, woken, ahead.length > 0);
  if (!read) return { owed: [], held: [], more: false, attributes: { forwarding: 'settled' } };
  const { pass, attributor } = read;
  const owed = [...ahead, ...(await alreadyFrozen(deps, incidentId, pass, woken))];
  noteSubscriptions(deps, incidentId, progress, pass);

  const firstAtService = pass.unfrozen.find((step) => stayOf(step.state))?.state ?? pass.current;
  const held: EventKey[] = [];
  let heldReason = read.stillHeld;
  let unfinished: EventKey | undefined;
  for (const step of pass.unfrozen) {
    const key = { incidentId, logKey: step.event.logKey };
    if (heldReason !== undefined) {
      if (step.event.due) held.push(key);
      continue;
    }
    if (clock.now() > stopAtMs) {
      unfinished = key;
      break;
    }
    const late = progress.frozenThrough !== undefined && step.event.logKey < progress.frozenThrough;
    const state = late ? pass.current : stayOf(step.state) ? step.state : firstAtService;
    const attribution = await attributor.attribute({ event: step.event, state });
    if (attribution.kind === 'held') {
      heldReason = attribution.reason;
      if (step.event.due) held.push(key);
      continue;
    }
    const dropped = attribution.kind === 'dropped';
    const match = dropped ? unmatched(attribution.stay) : attribution.match;
    const frozen = await freezeEvent(
      deps,
      progress,
      {
        event: step.event,
        state,
        late,
        stay: match.stay,
        match,
        ...(dropped ? { skipped: 'unmatched' } : {}),
      },
      claim,
    );
    telemetry.metric('EventsFrozen', 1);
    owed.push(frozen);
  }
  if (unfinished) await markEventDue(store, unfinished, clock.now());
  if (heldReason && !progress.held) telemetry.metric('IncidentsHeld', 1);

  progress.state = pass.current;
  progress.foldedThrough = pass.foldedThrough;
  progress.eventCount = pass.current.event_count;
  progress.backlog = unfinished !== undefined;
  progress.held = heldReason !== undefined;
  const judgement = heldReason === 'unmatched' ? attributor.heldBy() : undefined;
  if (judgement) progress.heldJudgedBy = judgement.judgedBy;
  else delete progress.heldJudgedBy;
  const owing = owed.some((frozen) => frozen.destinations.length > 0 && !frozen.skipped);
  if (heldReason) progress.forwarding = 'held';
  else if (owing || unfinished || progress.forwarding === 'held') progress.forwarding = 'pending';
  else progress.forwarding ??= 'settled';
  return {
    owed,
    held,
    more: unfinished !== undefined,
    ...(judgement ? { heldBy: { serviceId: judgement.service.id, judgedBy: judgement.judgedBy } } : {}),
    attributes: {
      ...incidentRow(deps, progress, pass),
      held_reason: heldReason,
      held_service: judgement?.service.id,
      held_judged_by: judgement?.judgedBy,
    },
  };
}

interface Read {
  pass: Pass;
  attributor: Attributor;
  /** Earlier events are held, and nothing has changed about that. */
  stillHeld?: 'unmatched' | 'no_service_yet';
}

/** The part of the log that must be read: what came after the last fold, or all of it. */
async function readPass(
  deps: ProcessDeps,
  incidentId: string,
  progress: Progress,
  woken: string[],
  recovering: boolean,
): Promise<Read | undefined> {
  const { foldedThrough } = progress;
  const before = woken.filter((key) => foldedThrough !== undefined && key <= foldedThrough);
  const early = before.length > 0 && (await eventsStillDue(deps.store, incidentId, before)).length > 0;
  if (!recovering && !early && !progress.backlog && !progress.rematch) {
    const pass = await incrementalPass(deps.store, incidentId, progress);
    const attributor = pass && createAttributor(deps, progress, pass);
    if (pass && attributor) {
      recordContext(progress, pass);
      if (!progress.held) return { pass, attributor };
      const newest = pass.unfrozen.at(-1);
      const attribution = newest && (await attributor.attribute({ ...newest, state: pass.current }));
      // Held events stand before the new ones: the whole log is read again only if they may go out now.
      if (attribution?.kind === 'held') return { pass, attributor, stillHeld: attribution.reason };
    }
  }
  const pass = await fullPass(deps.store, incidentId, progress);
  if (!pass) return undefined;
  recordContext(progress, pass);
  return { pass, attributor: createAttributor(deps, progress, pass) };
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

/** A worker that died had frozen this already: what it decided stands. */
function adopt(progress: Progress, frozen: Outgoing): void {
  progress.lastSequence = Math.max(progress.lastSequence, frozen.sequence);
  if (!progress.frozenThrough || frozen.logKey > progress.frozenThrough)
    progress.frozenThrough = frozen.logKey;
  progress.envHeader ??= frozen.envHeader ?? '';
  const { services = [], team, match } = frozen.incidentEvent;
  if (frozen.skipped || progress.matches.some((known) => known.stay === frozen.stay)) return;
  progress.matches.push({
    stay: frozen.stay,
    rule: match.rule,
    services,
    explanation: match.explanation,
    matched_at: frozen.frozenAt,
    ...(team === undefined ? {} : { team }),
  });
}

/** Records what depends on how the first event came, and forgets the match a person wants made again. */
function recordContext(progress: Progress, pass: Pass): void {
  const [first] = pass.unfrozen;
  if (first) progress.envHeader ??= first.event.envHeader ?? '';
  if (!progress.rematch) return;
  const stay = stayOf(pass.current)?.key;
  progress.matches = progress.matches.filter((match) => match.stay !== stay);
  progress.rematch = false;
}

/** Two subscriptions that deliver the same incident are a mistake in PagerDuty's configuration worth a warning. */
function noteSubscriptions(deps: ProcessDeps, incidentId: string, progress: Progress, pass: Pass): void {
  for (const { event } of pass.unfrozen) {
    const { subscriptionId } = event;
    if (!subscriptionId || progress.subscriptions.includes(subscriptionId)) continue;
    progress.subscriptions = [...progress.subscriptions, subscriptionId].slice(0, 5);
    if (progress.subscriptions.length === 1) continue;
    deps.telemetry.warn('two webhook subscriptions deliver the same incident; remove one of them', {
      incident_id: incidentId,
      subscription_ids: progress.subscriptions,
    });
  }
}

const unmatched = (stay: string): RecordedMatch => ({
  stay,
  rule: 'none',
  services: [],
  explanation:
    'Matches nothing in the catalog; the configuration says to drop such incidents (unmatched: drop).',
  matched_at: iso(0),
});

function incidentRow(deps: ProcessDeps, progress: Progress, pass: Pass): Row {
  const stay = stayOf(pass.current)?.key;
  const match = progress.matches.find((known) => known.stay === stay);
  return {
    ...incidentAttributes(pass.current, deps.config, { envHeader: progress.envHeader || undefined }),
    ...progressAttributes(progress),
    services: match?.services,
    team: match?.team,
    rule: match?.rule ?? 'none',
    forwarding: progress.forwarding,
    expires_at: undefined,
  };
}
