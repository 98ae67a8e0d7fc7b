import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { bundleSimulation } from './bundle.ts';
import { huntLimit, knownSeeds, knownSeedsFile } from './hunt-mutants.ts';
import { type Mutant, mutants } from './mutants.ts';
import { createPlayer, type Player } from './player.ts';
import type { Report } from './worker.ts';

/** The cheapest of these are tried first, then the others as they come. */
const weighed = 60;
/** Further seeds that are tried when one has noticed a mutant: a cheaper one may be among them. */
const further = 6;

/** What a play took: the things that happened in it. It stands first in a digest. */
const stepsOf = ({ digests }: Report): number =>
  Number(digests[0]?.split('/')[0]) || Number.POSITIVE_INFINITY;

/** Runs `each` for all of these, on all cores. */
async function onAllCores<T>(items: Iterable<T>, each: (player: Player, item: T) => Promise<void>) {
  const waiting = [...items];
  const work = async () => {
    const player = createPlayer();
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await each(player, item);
    await player.dismiss();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

/**
 * `npm run mutants`: looks for a cheap seed for each mutant, cheap seeds of the product first, and writes them
 * to known-seeds.json. With names, for the mutants only whose name holds one of them. Exits 1 if one survives.
 */
async function main(words: readonly string[]): Promise<number> {
  const wanted = mutants.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const sound = await bundleSimulation();
  const cost = new Map<number, number>();
  const all = Array.from({ length: huntLimit }, (_, at) => at + 1);
  await onAllCores(all.slice(0, weighed), async (player, seed) => {
    const report = await player.play(sound, { plays: [{ seed }], stopAtFirst: true });
    if (report.failed.length === 0) cost.set(seed, stepsOf(report));
  });
  const cheapestFirst = [
    ...[...cost].sort(([, a], [, b]) => a - b).map(([seed]) => seed),
    ...all.slice(weighed),
  ];

  const found = knownSeeds();
  const survivors: string[] = [];
  await onAllCores(wanted, async (player, mutant) => {
    const best = await cheapest(player, mutant, cheapestFirst, sound);
    if (best === undefined) survivors.push(mutant.name);
    else found[mutant.name] = best;
    console.log(`${best === undefined ? 'survives' : `seed ${best}`.padStart(8)}  ${mutant.name}`);
  });

  const known = mutants.flatMap(({ name }) => (found[name] === undefined ? [] : [[name, found[name]]]));
  writeFileSync(knownSeedsFile, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`);
  return survivors.length > 0 ? 1 : 0;
}

async function cheapest(
  player: Player,
  mutant: Mutant,
  seeds: readonly number[],
  sound: string,
): Promise<number | undefined> {
  const bundle = await bundleSimulation(mutant.patches);
  let best: { seed: number; steps: number } | undefined;
  let left = Number.POSITIVE_INFINITY;
  for (const seed of seeds) {
    if (left === 0) break;
    left -= 1;
    const report = await player.play(bundle, { plays: [{ seed, aim: mutant.aim }], stopAtFirst: true });
    if (report.failed.length === 0) continue;
    // What is aimed at, or not weighed, may fail without the mutant too.
    const own = await player.play(sound, { plays: [{ seed, aim: mutant.aim }], stopAtFirst: true });
    if (own.failed.length > 0) continue;
    const steps = stepsOf(report);
    if (!best || steps < best.steps) best = { seed, steps };
    left = Math.min(left, further);
  }
  return best?.seed;
}

process.exitCode = await main(process.argv.slice(2));
