import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import type { DeploymentReport } from '../../lib/domain/deployment/deployment-report.ts';
import { reported } from '../../lib/domain/deployment/log-events.ts';
import { identify } from '../../lib/domain/incident-report/identify.ts';
import { loggedEvent } from '../../lib/flow/receive/incoming-event.ts';
import { appendEvent } from '../../lib/store/events/append-event.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

const now = Date.parse('2026-03-12T00:00:00Z');
export const config = ['--config', 'test/cli/fixtures/bridge.yml'];
export const range = ['--since', '2026-03-01', '--until', '2026-03-11', ...config];
export const at = (day: number, time: string) => `2026-03-0${day}T${time}:00.000Z`;
export const formula = '=HYPERLINK("https://evil.example.com";"open me")';

/** A database with deployments that went well and badly, and incidents of one and of two services. */
export async function startStory(): Promise<OnDatabase> {
  const screen = { name: 'screen', type: 'console', only: { sources: ['dora_api'] } };
  const on = await startOnDatabase({ default_env: 'prod', destinations: [screen] }, { now });
  const tell = async (entry: Parameters<typeof loggedEvent>[0], receivedAt: string) => {
    const logged = loggedEvent(entry, receivedAt, {});
    await appendEvent(on.bridge.deps.store, logged, Date.parse(receivedAt));
    await on.bridge.wake(logged.incidentId, logged.logKey);
  };
  const deploy = (id: string, day: number, given: Partial<DeploymentReport> = {}) =>
    tell(
      reported({
        source: 'dora_api',
        external_id: `deployment-${id}-00000000`,
        service: 'checkout-api',
        env: 'prod',
        status: 'succeeded',
        started_at: at(day, '11:50'),
        finished_at: at(day, '12:00'),
        custom_tags: [],
        ...given,
      }),
      at(day, '12:00'),
    );
  const outage = (
    id: string,
    day: number,
    minutes: number | undefined,
    { name = 'Checkout is slow', services = ['checkout-api'] } = {},
  ) =>
    tell(
      identify({
        source: 'dora_api',
        external_id: `incident-${id}`,
        services,
        env: 'prod',
        name,
        started_at: at(day, '13:00'),
        ...(minutes !== undefined && {
          finished_at: new Date(Date.parse(at(day, '13:00')) + minutes * 60_000).toISOString(),
        }),
        custom_tags: [],
      }),
      at(day, '15:00'),
    );
  const { pagerduty: _, ...unpaged } = checkout;
  await fillCatalog(on, checkout, { ...unpaged, name: 'cart' });
  await deploy('bad', 2, { version: '1.4.0' });
  await deploy('good', 4, { version: '1.5.0' });
  await deploy('broken', 5, { version: '1.5.1', status: 'failed' });
  await deploy('cart', 6, { service: 'cart', version: '3.0.0' });
  await outage('one', 2, 40, { name: formula });
  await outage('two', 2, 60);
  await outage('three', 8, 20, { services: ['checkout-api', 'cart'] });
  await outage('open', 9, undefined);
  return on;
}

/** An export of the story's days; throws what it says where it fails. */
export async function exported(on: OnDatabase, ...args: string[]) {
  const ran = await on.run('export', ...args, ...range);
  if (ran.code !== 0) throw new Error(ran.err);
  return ran;
}

/** By a reader that has nothing to do with the writer. */
export async function readParquet(file: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bytesOf(file) });
}

export function bytesOf(file: string): ArrayBuffer {
  const { buffer, byteOffset, length } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
}
