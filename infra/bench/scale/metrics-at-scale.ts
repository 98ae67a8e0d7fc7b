import { answer } from '../../../lib/flow/measure/answer.ts';
import { startTestDatabase } from '../../../test/support/dynalite.ts';
import type { Bench, Report } from '../bench.ts';
import { meteredReads } from '../metered-reads.ts';
import { fill, type ScaleDatabase, startDatabase } from './database.ts';
import { makeTemplates, type Templates } from './rows.ts';

const dayMs = 86_400_000;
const config = { link: { window_hours: 24 } };

export async function templatesOfOwn(): Promise<Templates> {
  const database = await startTestDatabase();
  try {
    return await makeTemplates(database.store);
  } finally {
    await database.stop();
  }
}

interface Asked {
  units: number;
  requests: number;
  seconds: number;
  /** Of this process: reading answers and computing, without the database's own work. */
  cpuSeconds: number;
  incidents: number;
}

/** Asks what `dora --since <days>d --by service` asks. */
async function ask({ store }: ScaleDatabase, days: number, nowMs: number): Promise<Asked> {
  const metered = meteredReads(store);
  const question = {
    scope: { fromMs: nowMs - days * dayMs, toMs: nowMs },
    by: 'service' as const,
    timeZone: 'UTC',
  };
  const cpu = process.cpuUsage();
  const beganAt = performance.now();
  const { document } = await answer({ store: metered.store, nowMs, config }, question);
  const seconds = (performance.now() - beganAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  if (document.groups === undefined || document.deployments.count === 0)
    throw new Error('nothing was counted');
  const incidents = document.change_failure_rate.incidents;
  return { ...metered.reads, seconds, cpuSeconds: (user + system) / 1e6, incidents };
}

/** A year of incidents and three times as many deployments; what is newest is there first, the rest is put in behind it. */
export function metricsAtScale(incidentsAYear: number): Bench {
  return {
    id: 'metrics',
    title: `90 days by service, of ${incidentsAYear} incidents and ${3 * incidentsAYear} deployments a year`,
    async run(report) {
      const templates = await templatesOfOwn();
      const database = await startDatabase();
      const nowMs = Date.now();
      const put = (fromDay: number, toDay: number) => {
        const incidents = Math.round((incidentsAYear * (toDay - fromDay)) / 365);
        return fill(database.store, {
          templates,
          incidents,
          deployments: 3 * incidents,
          fromMs: nowMs - toDay * dayMs,
          toMs: nowMs - fromDay * dayMs,
          first: Math.round((3 * incidentsAYear * fromDay) / 365),
          nowMs,
        });
      };
      try {
        await put(0, 100);
        const small = await ask(database, 90, nowMs);
        await put(100, 365);
        const large = await ask(database, 90, nowMs);
        const month = await ask(database, 30, nowMs);
        tell(report, incidentsAYear, { small, large, month });
      } finally {
        await database.stop();
      }
    },
  };
}

function tell(
  report: Report,
  incidentsAYear: number,
  { small, large, month }: Record<'small' | 'large' | 'month', Asked>,
): void {
  const perThousand = large.units / (large.incidents / 1000);
  report({ name: 'incidents in the 90 days', value: large.incidents, unit: 'count' });
  // A year of 100,000 is 25,000 in 90 days: at $0.125 a million, $0.0012 for the answer.
  report({ name: 'read units', value: large.units, unit: 'capacity units', aim: incidentsAYear / 10 });
  report({
    name: 'read units for a thousand incidents',
    value: perThousand,
    unit: 'capacity units',
    aim: 400,
  });
  report({ name: 'requests', value: large.requests, unit: 'count' });
  report({ name: 'on the embedded database', value: large.seconds * 1000, unit: 'ms' });
  report({
    name: 'processor time of whoever asks',
    value: large.cpuSeconds * 1000,
    unit: 'ms',
    aim: Math.max(1_000, incidentsAYear / 10),
  });
  report({
    name: 'read units with the whole year in the tables / with 100 days',
    value: large.units / small.units,
    unit: 'ratio',
    aim: 1.02,
  });
  report({
    name: 'read units of 90 days / of 30 days',
    value: large.units / month.units,
    unit: 'ratio',
    aim: 3.1,
  });
}
