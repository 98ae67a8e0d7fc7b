import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Bench } from '../bench.ts';
import { median } from '../bench.ts';
import { fill, type ScaleDatabase, startDatabase } from './database.ts';
import { templatesOfOwn } from './metrics-at-scale.ts';

const run = promisify(execFile);
const dayMs = 86_400_000;
const mostOutput = 256 * 1024 * 1024;

/** `pdbridge` as a person starts it; milliseconds, the best of three: the first one bundles the command line. */
async function timed({ endpoint, prefix }: ScaleDatabase, ...args: string[]) {
  const times: number[] = [];
  let out = '';
  for (let round = 0; round < 4; round++) {
    const beganAt = performance.now();
    const target = ['--endpoint-url', endpoint, '--table-prefix', prefix];
    ({ stdout: out } = await run('node', ['lib/cli/pdbridge.mjs', ...args, ...target], {
      maxBuffer: mostOutput,
    }));
    if (round > 0) times.push(performance.now() - beganAt);
  }
  return { ms: median(times), out };
}

/** How long a person waits for an answer on the embedded database. */
export function commandsAtScale(incidents: number, listed: number): Bench {
  return {
    id: 'commands',
    title: `pdbridge on the embedded database, its own start included`,
    async run(report) {
      const templates = await templatesOfOwn();
      const nowMs = Date.now();
      const filling = { templates, first: 0, fromMs: nowMs - 365 * dayMs, toMs: nowMs, nowMs };
      const filled = async (
        counts: { incidents: number; deployments: number },
        work: (database: ScaleDatabase) => Promise<void>,
      ) => {
        const database = await startDatabase();
        try {
          await fill(database.store, { ...filling, ...counts });
          await work(database);
        } finally {
          await database.stop();
        }
      };
      await filled({ incidents: listed, deployments: 0 }, async (database) => {
        const { ms, out } = await timed(database, 'incidents', 'ls', '--limit', String(listed));
        const lines = out.split('\n').filter((line) => /^Q\S/.test(line)).length;
        if (lines !== listed) throw new Error(`incidents ls printed ${lines} of ${listed}`);
        report({ name: `incidents ls --limit ${listed}`, value: ms, unit: 'ms', aim: 1_500 });
        const json = await timed(database, 'incidents', 'ls', '--json');
        report({ name: `incidents ls --json, all ${listed}`, value: json.ms, unit: 'ms', aim: 1_500 });
      });
      const deployments = 3 * incidents;
      await filled({ incidents, deployments }, async (database) => {
        const { ms, out } = await timed(database, 'dora', '--by', 'service', '--json');
        if (JSON.parse(out).deployments.count === 0) throw new Error('dora counted nothing');
        report({
          name: `dora, ${incidents} incidents and ${deployments} deployments a year`,
          value: ms,
          unit: 'ms',
          aim: 3_000,
        });
        const year = await timed(database, 'dora', '--since', '365d', '--by', 'service', '--json');
        report({ name: 'dora --since 365d, which is all of them', value: year.ms, unit: 'ms' });
      });
    },
  };
}
