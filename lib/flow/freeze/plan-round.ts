import { borrowIdentity } from '../../domain/incident/borrow-identity.ts';
import { type IncidentState, stayOf } from '../../domain/incident/state.ts';
import type { Attribution } from './attribute-events.ts';
import type { RecordedMatch } from './progress.ts';
import type { Pass, Step } from './read-pass.ts';

/** An event that is not frozen yet, as it would go out. */
export interface Telling {
  step: Step;
  /** The incident as of the event; as it is now, if later ones were frozen before. */
  state: IncidentState;
  late: boolean;
  /** It was held and has no mark, or its last holder still takes it off: it needs one before it owes anything. */
  unmarked: boolean;
}

export interface Held {
  reason: 'unmatched' | 'no_service_yet';
  /** The first held event is of a service the incident has left since. */
  moved: boolean;
}

/** What a round decides: the beginning of what is not frozen goes out, and the rest waits if nothing is known of it. */
export interface Plan {
  /** In log order, under the sequences that follow. `skipped` goes to nobody. */
  freeze: (Telling & { match: RecordedMatch; skipped?: 'unmatched' | 'imported' })[];
  hold: Step[];
  held?: Held;
}

/**
 *     log        a   b   c   d   e   f
 *     frozen         ■       ■             frozen_through = d
 *     told       a       c                 late, with the state of now: later ones are out already
 *                                e   f     with the state as of each
 */
export function tellings(
  pass: Pass,
  { frozenThrough, unmarked }: { frozenThrough?: string | undefined; unmarked: boolean },
): Telling[] {
  const firstAtService = pass.unfrozen.find((step) => stayOf(step.state))?.state ?? pass.current;
  return pass.unfrozen.map((step) => {
    const late = frozenThrough !== undefined && step.event.logKey < frozenThrough;
    const state = late ? pass.current : borrowIdentity(step.state, firstAtService);
    return { step, state, late, unmarked: unmarked || !step.event.dueAt };
  });
}

/**
 * `attributions` are those of the first tellings, up to the first that is held. Nothing overtakes a held event, or the
 * order of an incident's events would depend on when somebody mends the catalog. `stillHeld`: it was held before,
 * and what came since changes nothing.
 */
export function planRound(
  pass: Pass,
  told: readonly Telling[],
  attributions: readonly Attribution[],
  stillHeld?: Held,
): Plan {
  const freeze = attributions.flatMap((attribution, at): Plan['freeze'] => {
    const telling = told[at];
    if (attribution.kind === 'held' || !telling) return [];
    if (attribution.kind === 'matched') {
      const imported = telling.step.imported && { skipped: 'imported' as const };
      return [{ ...telling, match: attribution.match, ...imported }];
    }
    return [{ ...telling, match: noMatch(attribution.stay), skipped: 'unmatched' as const }];
  });
  const first = told[freeze.length];
  const reason = attributions.find((each) => each.kind === 'held')?.reason;
  const moved = first !== undefined && stayOf(first.state)?.key !== stayOf(pass.current)?.key;
  const held = stillHeld ?? (reason && { reason, moved });
  if (!held) return { freeze, hold: [] };
  return { freeze, hold: told.slice(freeze.length).map(({ step }) => step), held };
}

const noMatch = (stay: string): RecordedMatch => ({
  stay,
  rule: 'none',
  services: [],
  explanation:
    'Matches nothing in the catalog; the configuration says to drop such incidents (unmatched: drop).',
  matched_at: new Date(0).toISOString(),
});
