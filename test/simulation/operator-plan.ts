import type { Dice } from './dice.ts';
import { hour, minute, startMs } from './scenario.ts';

/** What a person does with `pdbridge deliveries`, and when. */
export interface Intervention {
  at: number;
  kind: 'redrive' | 'backfill';
  destination: string;
}

/** In some runs somebody sends again what was given up, or owes a destination what it was not configured for. */
export function planInterventions(
  dice: Dice,
  destinations: readonly string[],
  storyEnd: number,
): Intervention[] {
  if (!dice.chance(0.15)) return [];
  return Array.from({ length: dice.between(1, 3) }, () => ({
    at: dice.between(startMs + 10 * minute, storyEnd + dice.spread(minute, 72 * hour)),
    kind: dice.chance(0.7) ? 'redrive' : 'backfill',
    destination: dice.pick(destinations),
  }));
}
