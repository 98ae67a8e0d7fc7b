import {
  applicableCircumstances,
  applicableFaults,
  type Circumstance,
  type FaultKind,
} from './fault-kinds.ts';
import type { PlayOptions } from './play.ts';
import { pair, type Tally, type Witness } from './tally.ts';

export interface Gap {
  label: string;
  fault: FaultKind | Circumstance;
}

const indexed = (label: string) => /^\w+ Query (one )?\w+\.\w+/.test(label);

/** Every (await, fault) pair that exists and was never met. */
export function coverageGaps(tally: Tally): Gap[] {
  return Object.entries(tally.kinds).flatMap(([label, kind]) => {
    return applicable(label, kind)
      .filter((fault) => !tally.faults[pair(label, fault)])
      .map((fault) => ({ label, fault }));
  });
}

const applicable = (label: string, kind: string): (FaultKind | Circumstance)[] => [
  ...(applicableFaults[kind] ?? []),
  ...(applicableCircumstances[indexed(label) ? `${kind} of an index` : kind] ?? []),
];

export function pairCount(tally: Tally): number {
  return Object.entries(tally.kinds).reduce((sum, [label, kind]) => sum + applicable(label, kind).length, 0);
}

/** Seeds played at one gap before another look is taken at what is still missing. */
const triesPerGap = 2;
/** Seeds aimed by chance are numbered apart from ordinary ones. */
const firstAimedSeed = 1_000_000;

/**
 * Plays that strike the missing pairs on purpose: a seed that is known to come by the await, struck there at one of
 * the times it does; where none is known, new seeds that strike it if they come by. All can be replayed by what is
 * printed of them.
 */
export function* aimedPlays(gaps: readonly Gap[], tally: Tally, round: number): Generator<PlayOptions> {
  for (let attempt = round * triesPerGap; attempt < (round + 1) * triesPerGap; attempt += 1) {
    for (const [gapNumber, gap] of gaps.entries()) {
      const witnesses = witnessesOf(gap, tally);
      const witness = witnesses[attempt % witnesses.length];
      yield witness
        ? { seed: witness.seed, aim: { ...gap, occurrence: 1 + (attempt % witness.times) } }
        : { seed: firstAimedSeed + attempt * 1000 + gapNumber, aim: gap };
    }
  }
}

/** An index that lags cannot be brought about in a world that was drawn without. */
function witnessesOf({ label, fault }: Gap, { witnesses }: Tally): Witness[] {
  if (fault === 'stale_index') return [];
  return witnesses[fault === 'short_page' ? pair(label, fault) : label] ?? [];
}
