import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { projectRoot } from './bundle.ts';
import type { Report, Task } from './worker.ts';

/** A thread that plays seeds, one task after the other. */
export interface Player {
  play(bundle: string, task: Task): Promise<Report>;
  dismiss(): Promise<void>;
}

export function createPlayer(): Player {
  const thread = new Worker(join(projectRoot, 'test', 'simulation', 'thread.mjs'), {
    // A seed is over before most of what it made is old: with little room it would be copied many times.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  });
  return {
    play: (bundle, task) =>
      new Promise((resolve, reject) => {
        const fail = (error: Error) => reject(error);
        thread.once('error', fail);
        thread.once('message', ({ report, error }: { report?: Report; error?: string }) => {
          thread.off('error', fail);
          if (report) resolve(report);
          else reject(new Error(`the simulation itself failed: ${error}`));
        });
        thread.postMessage({ bundle: pathToFileURL(bundle).href, task });
      }),
    dismiss: async () => {
      await thread.terminate();
    },
  };
}
