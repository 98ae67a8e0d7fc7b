import { applicableCircumstances, applicableFaults, type FaultKind } from './fault-kinds.ts';
import type { PlayOptions } from './play.ts';
import { pair, type Tally } from './tally.ts';
import type { Aim } from './weather.ts';

export interface Gap {
  label: string;
  fault: string;
  /** Circumstances cannot be aimed at; more seeds bring them. */
  aimable: boolean;
}

const indexed = (label: string) => /^\w+ Query \w+\.\w+/.test(label);

/** Every (await, fault) pair that exists and was never met. */
export function coverageGaps(tally: Tally): Gap[] {
  return Object.entries(tally.kinds).flatMap(([label, kind]) => {
    const faults = (applicableFaults[kind] ?? []).map((fault) => ({ fault: fault as string, aimable: true }));
    const found = applicableCircumstances[indexed(label) ? `${kind} of an index` : kind] ?? [];
    const circumstances = found.map((fault) => ({ fault: fault as string, aimable: false }));
    return [...faults, ...circumstances].flatMap(({ fault, aimable }) =>
      tally.faults[pair(label, fault)] ? [] : [{ label, fault, aimable }],
    );
  });
}

export function pairCount(tally: Tally): number {
  return Object.entries(tally.kinds).reduce((sum, [label, kind]) => {
    const circumstances = applicableCircumstances[indexed(label) ? `${kind} of an index` : kind] ?? [];
    return sum + (applicableFaults[kind] ?? []).length + circumstances.length;
  }, 0);
}

/** Seeds played at one gap before another look is taken at what is still missing. */
const triesPerGap = 2;

/** Seeds that strike the missing pairs on purpose. They are ordinary seeds otherwise and can be replayed. */
export function* aimedPlays(gaps: readonly Gap[], from: number): Generator<PlayOptions> {
  for (let attempt = 0; attempt < triesPerGap; attempt += 1) {
    for (const [at, { label, fault, aimable }] of gaps.entries()) {
      const aim: Aim = { label, fault: (aimable ? fault : 'none') as FaultKind };
      yield { seed: from + attempt * 1000 + at, aim };
    }
  }
}
