import { indent, type Page } from './page.ts';
import { pdbridge } from './pdbridge.ts';
import type { Stage } from './stage.ts';
import { clockTime, duration } from './words.ts';

/** What is read of `pdbridge dora --json`. */
interface Numbers {
  change_failure_rate: {
    failed_deployments: number | null;
    failed: number;
    deployments: number;
    incidents_per_deployment: number | null;
    incidents: number;
  };
  time_to_restore: { median_seconds: number | null; count: number };
  failed_deployment_recovery_time: { median_seconds: number | null; count: number };
}

/** And of `pdbridge dora why --json`. */
interface Exhibit {
  kind: 'deployment' | 'incident';
  counts: boolean;
  atMs: number;
  reason: string;
}

const scope = ['--service', 'checkout-api', '--since', '7d'];

/** What the story makes of the DORA numbers of one service; returns what is not as the story has it. */
export async function showNumbers(page: Page, stage: Stage): Promise<string[]> {
  const numbers = JSON.parse(await pdbridge(stage, ['dora', ...scope, '--json'])) as Numbers;
  const { change_failure_rate: rate, time_to_restore: restore } = numbers;
  const recovery = numbers.failed_deployment_recovery_time;
  page.title('What the numbers say');
  page.paragraph(
    'checkout-api had four deployments and two incidents, one of them because of a deployment. There are two ' +
      'ways to compute a change failure rate. They differ, and each number opens down to what it is made of.',
  );
  page.line();
  page.line(`${indent}$ npx pdbridge dora ${scope.join(' ')}`);
  const lines = [
    [
      'change_failure_rate',
      percent(rate.failed_deployments),
      `${rate.failed} of ${rate.deployments} deployments`,
    ],
    [
      'incidents_per_deployment',
      percent(rate.incidents_per_deployment),
      `${rate.incidents} incidents, ${rate.deployments} deployments`,
    ],
    ['time_to_restore', time(restore.median_seconds), `median of ${restore.count} incidents`],
    ['failed_deployment_recovery_time', time(recovery.median_seconds), `${recovery.count} failed deployment`],
  ] as const;
  for (const [name, value, about] of lines) {
    page.line(`${indent}  ${name.padEnd(33)}${page.paint('bold', value.padEnd(8))}  ${about}`);
  }
  page.line();
  const opened = ['dora', 'why', 'change_failure_rate', ...scope];
  page.line(`${indent}$ npx pdbridge ${opened.join(' ')}`);
  const { exhibits } = JSON.parse(await pdbridge(stage, [...opened, '--json'])) as { exhibits: Exhibit[] };
  for (const { kind, counts, reason, atMs } of exhibits) {
    if (kind !== 'deployment') continue;
    page.paragraph(reason, `${indent}  ${clockTime(atMs)}  ${counts ? 'counts' : '      '}  `);
  }
  const told = lines.map(([, value]) => value).join(', ');
  return told === expected ? [] : [`the numbers are ${told} instead of ${expected}`];
}

/** One of four deployments, two incidents of them, 32 and 26 minutes long, and half an hour from the bad deployment to the good one. */
const expected = '25.0 %, 50.0 %, 29 min, 30 min';

const percent = (rate: number | null) => (rate === null ? 'n/a' : `${(rate * 100).toFixed(1)} %`);
const time = (seconds: number | null) =>
  seconds === null ? 'n/a' : duration(seconds).replaceAll('\u00a0', ' ');
