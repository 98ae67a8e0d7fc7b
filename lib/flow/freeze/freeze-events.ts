import type { Announced } from '../../domain/incident/dialect.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { renderIncidentEvent } from '../../domain/incident/render-incident-event.ts';
import { reportedType } from '../../domain/incident/reported-type.ts';
import type { IncidentState } from '../../domain/incident/state.ts';
import { choose } from '../../domain/incident-filter/choose.ts';
import { countedFacts } from '../../domain/incident-filter/counted-facts.ts';
import { outgoingKeptDays } from '../../domain/retry/retention.ts';
import { expiry, iso } from '../../store/database/due.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { freeze, type Outgoing } from '../../store/outgoing/outgoing.ts';
import type { Released } from '../deliver/release-left-out.ts';
import type { ProcessDeps } from './deps.ts';
import { hearersOf, wishesOf } from './hearers.ts';
import { toldCause } from './judge-cause.ts';
import { noteFrozen, type Progress, type RecordedMatch, standingOf } from './progress.ts';
import { writeDeliveries } from './write-deliveries.ts';

/** Another worker has frozen something at this sequence: what was read before is out of date. */
export class SequenceTaken extends Error {
  constructor(incidentId: string, sequence: number) {
    super(`sequence ${sequence} of incident ${incidentId} was frozen by another worker`);
    this.name = 'SequenceTaken';
  }
}

export interface ToFreeze {
  event: LoggedEvent;
  state: IncidentState;
  announcement?: Announced | undefined;
  /** See read-pass.ts. */
  ends?: boolean;
  late: boolean;
  stay: string;
  match: RecordedMatch;
  /** It corrects what these destinations were told, and goes to nobody else. */
  correctsAt?: string[];
  /** Goes to nobody: recorded as skipped. */
  skipped?: string;
}

/**
 * Freezes one event under the incident's next sequence and writes the deliveries it owes. The sequence is taken
 * by a conditional write, and a worker only goes on to the next one after it has seen every one before: so no
 * event is frozen twice, not even by a worker whose lease ran out. Who hears of it is part of what is frozen.
 */
export async function freezeEvent(
  deps: ProcessDeps,
  progress: Progress,
  what: ToFreeze,
  claim: Claim,
): Promise<{ outgoing: Outgoing; released: Released[] }> {
  const { config, clock } = deps;
  const { event, match } = what;
  const sequence = progress.lastSequence + 1;
  const now = clock.now();
  const incidentEvent = renderIncidentEvent({
    state: what.state,
    announcement: what.announcement,
    type: reportedType(event.eventType, what.state, what.ends === true),
    event,
    match,
    config,
    envHeader: progress.envHeader || undefined,
    cause: toldCause(progress.cause),
    sequence,
    late: what.late,
  });
  const beside = { incident_type: what.state.incident_type, person: what.state.person };
  const facts = what.skipped === undefined ? countedFacts(incidentEvent, beside) : undefined;
  const names = what.correctsAt ?? hearersOf(deps, event);
  const frozen: Outgoing = {
    incidentId: event.incidentId,
    sequence,
    eventId: event.eventId,
    logKey: event.logKey,
    frozenAt: iso(now),
    receivedAt: event.receivedAt,
    destinations: names,
    corrects: what.correctsAt !== undefined,
    ...choose(wishesOf(deps, names), facts, standingOf(progress)),
    beside,
    stay: what.stay,
    envHeader: progress.envHeader ?? '',
    event: incidentEvent,
    expiresAt: expiry(now, outgoingKeptDays(config)),
    ...(what.skipped ? { skipped: what.skipped } : {}),
  };
  if (!(await freeze(deps.store, frozen))) throw new SequenceTaken(event.incidentId, sequence);
  noteFrozen(progress, frozen);
  return { outgoing: frozen, released: await writeDeliveries(deps, frozen, claim) };
}
