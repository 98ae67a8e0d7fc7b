import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bundleSimulation, type Patch, projectRoot } from './bundle.ts';
import type { Mutant } from './mutants.ts';
import type { PlayOptions } from './play.ts';
import { createPlayer, type Player } from './player.ts';

export interface Hunted {
  mutant: string;
  /** The seed that noticed it, undefined if it survived. */
  seed: number | undefined;
  played: number;
  /** The promise that was broken. */
  check?: string | undefined;
}

/** Within so many seeds a mutant must be noticed, unless one further off is known that notices it. */
export const huntLimit = 200;

/**
 * By mutant, the cheapest seed that noticed it when `npm run mutants` last looked. They save time and promise
 * nothing: where one notices no longer, the hunt goes through the others.
 */
export const knownSeedsFile = join(projectRoot, 'test', 'simulation', 'known-seeds.json');

export const knownSeeds = (): Record<string, number> => JSON.parse(readFileSync(knownSeedsFile, 'utf8'));

/** Whether the product itself keeps its promises in a seed; asked once for all mutants that show in the same. */
type Soundness = (player: Player, play: PlayOptions) => Promise<boolean>;

function soundness(unpatched: string): Soundness {
  const known = new Map<string, Promise<boolean>>();
  return (player, play) => {
    const key = JSON.stringify(play);
    const asked =
      known.get(key) ??
      player.play(unpatched, { plays: [play], stopAtFirst: true }).then(({ failed }) => failed.length === 0);
    known.set(key, asked);
    return asked;
  };
}

/** Plays a mutated copy of the product until a seed shows a violation that the product itself does not show. */
async function hunt(
  player: Player,
  mutant: Mutant,
  base: readonly Patch[],
  isSound: Soundness,
  first: readonly (number | undefined)[],
): Promise<Hunted> {
  const bundle = await bundleSimulation([...base, ...mutant.patches]);
  const tried = first.filter((seed) => seed !== undefined) as number[];
  const order = new Set([...tried, ...Array.from({ length: huntLimit }, (_, at) => at + 1)]);
  for (const [at, seed] of [...order].entries()) {
    const { failed } = await player.play(bundle, { plays: [{ seed, aim: mutant.aim }], stopAtFirst: true });
    const [found] = failed;
    if (!found) continue;
    if (!(await isSound(player, { seed, aim: mutant.aim })))
      throw new Error(`Seed ${seed} shows a violation without "${mutant.name}" too.`);
    return { mutant: mutant.name, seed, played: at + 1, check: found.violations[0]?.check };
  }
  return { mutant: mutant.name, seed: undefined, played: huntLimit };
}

/** Hunts all mutants, several at a time. `base` is applied to each of them. */
export async function huntMutants(
  mutants: readonly Mutant[],
  report: (hunted: Hunted) => void = () => {},
  base: readonly Patch[] = [],
): Promise<Hunted[]> {
  const waiting = [...mutants];
  const isSound = soundness(await bundleSimulation(base));
  const results: Hunted[] = [];
  const known = knownSeeds();
  const work = async () => {
    const player = createPlayer();
    try {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const hunted = await hunt(player, mutant, base, isSound, [known[mutant.name], mutant.seed]);
        results.push(hunted);
        report(hunted);
      }
    } finally {
      await player.dismiss();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
