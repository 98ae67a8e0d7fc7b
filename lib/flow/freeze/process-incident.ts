import type { Row } from '../../store/database/marshalled.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { type DueEvent, markEventDue } from '../../store/events/events.ts';
import {
  abandonLease,
  acquireLease,
  commitIncident,
  type Lease,
  leaseMs,
  refreshLease,
} from '../../store/incidents/lease.ts';
import { tellDeployments } from '../links/tell-deployments.ts';
import type { ProcessDeps } from './deps.ts';
import { SequenceTaken } from './freeze-events.ts';
import { causeIn, toProgress } from './progress.ts';
import { markMs, type OwedEvent, type Round, runRound } from './run-round.ts';

/** Nothing new is begun in the last part of a lease. */
const leaseMarginMs = 10_000;

export type Processed =
  | {
      kind: 'processed';
      /** What the events owe now: frozen in this run, or before it and not known to be sent. */
      owed: OwedEvent[];
      /** Events that are held; their due marks can go once the judgement is confirmed. */
      held: DueEvent[];
      heldBy?: { serviceId: string; judgedBy: string };
      /** See run-round.ts. */
      waitsUntilMs?: number;
      askAtMs?: number;
      letGo?: true;
      /** Events whose due marks had gone already. */
      more: boolean;
      /** Events that tell of what others tell. */
      twins: DueEvent[];
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
    const owed = new Map<number, OwedEvent>();
    const held = new Map<string, DueEvent>();
    const twins = new Map<string, DueEvent>();
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
      for (const event of round.owed) owed.set(event.outgoing.sequence, event);
      if (!progress.held) held.clear();
      for (const event of round.held) held.set(event.logKey, event);
      for (const event of round.twins) twins.set(event.logKey, event);
      const told = await tellDeployments(deps, lease, { ...lease.row, ...round.attributes });
      const committed =
        told === 'lost' ? told : await commitIncident(store, lease, { ...round.attributes, ...told });
      if (committed === 'lost') {
        // What it has frozen must be found, though whoever took over may not have known of it.
        if (progress.frozenNow) await markAllDue(deps, incidentId, owed.values());
        return { kind: 'lost' };
      }
      if (committed === 'released') {
        const heldBefore = lease.row['held_reason'];
        if (progress.heldReason === 'unmatched' && heldBefore !== 'unmatched')
          deps.telemetry.metric('IncidentsHeld', 1);
        const { heldBy, more, waitsUntilMs, askAtMs, letGo } = round;
        return {
          kind: 'processed',
          owed: [...owed.values()].sort((a, b) => a.outgoing.sequence - b.outgoing.sequence),
          held: [...held.values()],
          more,
          twins: [...twins.values()],
          ...(heldBy ? { heldBy } : {}),
          ...(waitsUntilMs === undefined ? {} : { waitsUntilMs }),
          ...(askAtMs === undefined ? {} : { askAtMs }),
          ...(letGo ? { letGo } : {}),
        };
      }
      const refreshed = await refreshLease(store, lease);
      if (refreshed === 'lost') return { kind: 'lost' };
      lease = refreshed;
      // It may have been asked for since the row was read first.
      progress.rematch = lease.row['rematch_requested'] === true;
      progress.resend = lease.row['resend_requested'] === true && !progress.resent;
      progress.countedFor = toProgress(lease.row).countedFor;
      Object.assign(progress, causeIn(lease.row));
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

async function markAllDue(deps: ProcessDeps, incidentId: string, owed: Iterable<OwedEvent>): Promise<void> {
  for (const { outgoing } of owed) {
    await markEventDue(deps.store, { incidentId, logKey: outgoing.logKey }, deps.clock.now() + markMs);
  }
}

const notes = (row: Row): string[] => (row['woken'] instanceof Set ? [...row['woken']].map(String) : []);
