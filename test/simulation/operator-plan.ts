import type { Dice } from './dice.ts';
import { hour, minute, startMs } from './scenario.ts';

/** What a person does with `pdbridge`, and when. */
export type Intervention = { at: number } & (
  | { kind: 'redrive' | 'backfill'; destination: string }
  | { kind: 'rematch'; incidentId: string }
  /** If the row of an incident has been lost, nobody rests until it is there again. */
  | { kind: 'rebuild'; lost?: string }
);

interface Known {
  destinations: readonly string[];
  incidentIds: readonly string[];
  storyEnd: number;
  /** Until then anything may go wrong with what they do. */
  calmFrom: number;
}

/** In some runs somebody sees to deliveries or to incidents by hand. */
export function planInterventions(
  dice: Dice,
  { destinations, incidentIds, storyEnd, calmFrom }: Known,
): Intervention[] {
  const some = (rolls: Dice, plan: (at: number) => Intervention): Intervention[] => {
    if (!rolls.chance(0.15)) return [];
    return Array.from({ length: rolls.between(1, 3) }, () => {
      const latest = rolls.chance(0.6) ? calmFrom : storyEnd + rolls.spread(minute, 72 * hour);
      return plan(rolls.between(startMs + 10 * minute, latest));
    });
  };
  const views = dice.fork('incidents');
  return [
    // Sends again what was given up, or owes a destination what it was not configured for.
    ...some(dice, (at) => ({
      at,
      kind: dice.chance(0.7) ? 'redrive' : 'backfill',
      destination: dice.pick(destinations),
    })),
    // Wants an incident matched again, or all rows made equal to the log.
    ...some(views, (at) =>
      views.chance(0.6)
        ? { at, kind: 'rematch', incidentId: views.pick(incidentIds) }
        : { at, kind: 'rebuild', ...(views.chance(0.6) && { lost: views.pick(incidentIds) }) },
    ),
  ];
}
