import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PlayOptions } from './play.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';
import type { Report, Task } from './worker.ts';

export interface CampaignOptions {
  bundle: string;
  plays: Iterable<PlayOptions>;
  stopAtFirst?: boolean;
  workers?: number;
  /** Seeds handed to a thread at a time. */
  portion?: number;
  /** No new seeds are begun after this. */
  untilMs?: number;
  traced?: boolean;
  progress?(done: number, failed: number): void;
}

export interface CampaignResult {
  played: number;
  seconds: number;
  tally: Tally;
  failed: Report['failed'];
}

const usualPortion = 10;

/** Plays seeds on all cores until they are used up, the time is over or, if asked for, one fails. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const started = Date.now();
  const plays = options.plays[Symbol.iterator]();
  const result: CampaignResult = { played: 0, seconds: 0, tally: emptyTally(), failed: [] };
  const portion = options.portion ?? usualPortion;
  let stopped = false;

  const nextTask = (): Task | undefined => {
    if (stopped || Date.now() > (options.untilMs ?? Number.POSITIVE_INFINITY)) return undefined;
    const task: Task = { plays: [], stopAtFirst: options.stopAtFirst ?? false };
    while (task.plays.length < portion) {
      const { value, done } = plays.next();
      if (done) break;
      task.plays.push(value);
    }
    return task.plays.length > 0 ? task : undefined;
  };

  const runWorker = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(options.bundle, { workerData: { traced: options.traced ?? false } });
      const feed = () => {
        const task = nextTask();
        if (task) worker.postMessage(task);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('message', ({ report, error }: { report?: Report; error?: string }) => {
        if (!report) {
          void worker.terminate();
          reject(new Error(`the simulation itself failed: ${error}`));
          return;
        }
        result.played += report.played;
        addTally(result.tally, report.tally);
        result.failed.push(...report.failed);
        if (options.stopAtFirst && report.failed.length > 0) stopped = true;
        options.progress?.(result.played, result.failed.length);
        feed();
      });
      worker.on('error', reject);
      feed();
    });

  const workers = options.workers ?? availableParallelism();
  await Promise.all(Array.from({ length: workers }, runWorker));
  result.seconds = (Date.now() - started) / 1000;
  return result;
}

export function* seeds(from: number, count: number): Generator<PlayOptions> {
  for (let seed = from; seed < from + count; seed += 1) yield { seed };
}
