import { availableParallelism } from 'node:os';
import type { PlayOptions } from './play.ts';
import { createPlayer } from './player.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';
import type { Report, Task } from './worker.ts';

export interface CampaignOptions {
  bundle: string;
  plays: Iterable<PlayOptions>;
  workers?: number;
  /** No new seeds are begun after this. */
  untilMs?: number;
  /** `found` are failing seeds not told of before. */
  progress?(done: number, found: Report['failed']): void;
}

export interface CampaignResult {
  played: number;
  seconds: number;
  tally: Tally;
  failed: Report['failed'];
}

/** Seeds handed to a thread at a time. */
const portion = 3;

/** Plays seeds on all cores until they are used up or the time is over. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const started = Date.now();
  const plays = options.plays[Symbol.iterator]();
  const result: CampaignResult = { played: 0, seconds: 0, tally: emptyTally(), failed: [] };

  const nextTask = (): Task | undefined => {
    if (Date.now() > (options.untilMs ?? Number.POSITIVE_INFINITY)) return undefined;
    const task: Task = { plays: [], stopAtFirst: false };
    while (task.plays.length < portion) {
      const { value, done } = plays.next();
      if (done) break;
      task.plays.push(value);
    }
    return task.plays.length > 0 ? task : undefined;
  };

  const work = async () => {
    const player = createPlayer();
    try {
      for (let task = nextTask(); task; task = nextTask()) {
        const report = await player.play(options.bundle, task);
        result.played += report.played;
        addTally(result.tally, report.tally);
        result.failed.push(...report.failed);
        options.progress?.(result.played, report.failed);
      }
    } finally {
      await player.dismiss();
    }
  };

  await Promise.all(Array.from({ length: options.workers ?? availableParallelism() }, work));
  result.seconds = (Date.now() - started) / 1000;
  return result;
}

export function* seeds(from: number, count: number): Generator<PlayOptions> {
  for (let seed = from; seed < from + count; seed += 1) yield { seed };
}
