import type { Dice } from './dice.ts';
import type { Mood, ReceiverPlan } from './receiver.ts';

const minute = 60_000;
const hour = 60 * minute;
const moods: Mood[] = ['refuses_connections', 'hangs', 'fails', 'limits', 'forbids'];

/** Two or three destinations with their troubles: seconds, hours, 30 and 100 hours. */
export function planReceivers(dice: Dice, storyEnd: number, brief: boolean): ReceiverPlan[] {
  const names = ['warehouse', 'ci', ...(dice.chance(0.4) ? ['datadog'] : [])].slice(dice.chance(0.1) ? 1 : 0);
  const start = storyEnd - dice.between(0, 6 * hour);
  const bounds = dice.fork('bounds');
  return names.map((name) => {
    const troubled = dice.chance(0.4);
    const from = start + dice.between(-2 * hour, 2 * hour);
    // Days of outage cost seconds to simulate, so they are kept for a few seeds in a hundred.
    const roll = brief ? 1 : dice.unit();
    const ends = dice.fork(`end of ${name}`);
    const retired =
      name === 'datadog' && ends.chance(0.12) ? start + ends.between(-4 * hour, 4 * hour) : undefined;
    const length = roll < 0.003 ? 100 * hour : roll < 0.012 ? 30 * hour : dice.spread(minute, 3 * hour);
    return {
      name,
      spells: [
        ...(retired === undefined
          ? []
          : [[retired, Number.POSITIVE_INFINITY, 'retired'] as [number, number, Mood]]),
        ...(troubled ? [[from, from + length, dice.pick(moods)] as [number, number, Mood]] : []),
      ],
      flakiness: dice.chance(0.5) ? 0 : dice.pick([0.02, 0.1, 0.3]),
      refusedShare: name !== 'datadog' && dice.chance(0.15) ? dice.pick([0.1, 0.4]) : 0,
      poisonShare: name !== 'datadog' && dice.chance(0.08) ? 0.2 : 0,
      ...(bounds.chance(0.35) && { mostAtOnce: bounds.between(1, 2) }),
    };
  });
}

/** Those that are told of deployments, in runs where there are such. */
export const deploymentPlans = (dice: Dice, storyEnd: number): ReceiverPlan[] =>
  ['ops', 'marks'].map((name) => deploymentPlan(name, dice.fork(name), storyEnd));

function deploymentPlan(name: string, dice: Dice, storyEnd: number): ReceiverPlan {
  const from = storyEnd - dice.between(0, 6 * hour);
  return {
    name,
    spells: dice.chance(0.4) ? [[from, from + dice.spread(minute, 3 * hour), dice.pick(moods)]] : [],
    flakiness: dice.pick([0, 0, 0.1, 0.3]),
    refusedShare: 0,
    poisonShare: 0,
  };
}
