import { type GivenStay, type ServiceStay, type Stay, stayOf } from '../../domain/incident/state.ts';
import type { Match } from '../../domain/matching/match.ts';
import { passthroughMatch } from '../../domain/matching/passthrough.ts';
import type { ProcessDeps } from './deps.ts';
import { type Judgement, judge, showJudgement } from './judge.ts';
import type { Progress, RecordedMatch } from './progress.ts';
import { recordMatch } from './progress.ts';
import type { Pass, Step } from './read-pass.ts';

/** What becomes of one event that is not frozen yet. */
export type Attribution =
  | { kind: 'matched'; match: RecordedMatch }
  | { kind: 'dropped'; stay: string }
  | { kind: 'held'; reason: 'unmatched' | 'no_service_yet' };

export interface Attributor {
  /** Decides for the next unfrozen event; the order of calls is the order of the log. */
  attribute(step: Step): Promise<Attribution>;
  /** Matches the current stay when it has no match: a person asked for a new one, and no event waits for it. */
  matchCurrent(): Promise<void>;
  /** The judgement of the current stay, when it was made and found nothing. */
  heldBy(): Judgement | undefined;
}

/**
 * Finds each event's match: the recorded one of its stay, else one made now and recorded. An event whose own
 * service matches nothing goes with the service the incident has been moved to since, if that one matches:
 * that is how an incident that starts at a catch-all service and is moved on gets its owner.
 */
export function createAttributor(deps: ProcessDeps, progress: Progress, pass: Pass): Attributor {
  const { config } = deps;
  const current = stayOf(pass.current);
  const judgements = new Map<string, Judgement>();
  const incident = {
    id: pass.current.incident_id,
    at: pass.current.last_event_at ?? '',
  };

  async function judged(stay: ServiceStay, eventAt: string): Promise<Judgement> {
    const known = judgements.get(stay.key);
    if (known) return known;
    const judgement = await judge(deps, stay.service, stay.teams, eventAt, pass.current.custom_fields);
    judgements.set(stay.key, judgement);
    const news = judgement.matched || judgement.judgedBy !== progress.heldJudgedBy || !progress.held;
    const held = !judgement.matched && config.unmatched === 'hold';
    if (news) await showJudgement(deps, judgement, incident, held);
    return judgement;
  }

  const recordedOf = (stay: Stay): RecordedMatch | undefined =>
    progress.matches.find((match) => match.stay === stay.key);

  async function given({ key, given }: GivenStay): Promise<RecordedMatch> {
    return recordMatch(progress, key, await deps.matcher.give(given), deps.clock.now());
  }

  async function matchOf(stay: ServiceStay, eventAt: string): Promise<RecordedMatch | undefined> {
    const recorded = recordedOf(stay);
    if (recorded) return recorded;
    const judgement = await judged(stay, eventAt);
    if (!judgement.matched) return undefined;
    return recordMatch(progress, stay.key, judgement.match, deps.clock.now());
  }

  function passedThrough(stay: ServiceStay): RecordedMatch {
    const input = { service: stay.service, teams: stay.teams };
    const match: Match = passthroughMatch(input, judgements.get(stay.key)?.match);
    return recordMatch(progress, stay.key, match, deps.clock.now());
  }

  return {
    async attribute(step) {
      const own = stayOf(step.state) ?? current;
      if (!own || !current) return { kind: 'held', reason: 'no_service_yet' };
      if ('given' in own) return { kind: 'matched', match: recordedOf(own) ?? (await given(own)) };
      if ('given' in current) return { kind: 'held', reason: 'no_service_yet' };
      const seenAt = step.state.last_event_at ?? step.event.occurredAt;
      const match = await matchOf(own, seenAt);
      if (match) return { kind: 'matched', match };
      if (own.key !== current.key) {
        const later = await matchOf(current, seenAt);
        if (later) {
          const match = recordMatch(progress, own.key, movedOn(own, later), deps.clock.now());
          return { kind: 'matched', match };
        }
      }
      if (config.unmatched === 'passthrough') return { kind: 'matched', match: passedThrough(own) };
      if (config.unmatched === 'drop') return { kind: 'dropped', stay: own.key };
      return { kind: 'held', reason: 'unmatched' };
    },
    async matchCurrent() {
      if (!current) return;
      if (!('given' in current)) await matchOf(current, incident.at);
      else if (!recordedOf(current)) await given(current);
    },
    heldBy: () => (current ? judgements.get(current.key) : undefined),
  };
}

/** The later stay's match, saying why it is used for an event of an earlier one. */
function movedOn(own: ServiceStay, later: RecordedMatch): Omit<Match, 'trace'> {
  const from = own.service.name ?? own.service.id;
  return {
    ...later,
    explanation: `${later.explanation} The incident was moved here from ${JSON.stringify(from)}, which matches nothing in the catalog.`,
  };
}
