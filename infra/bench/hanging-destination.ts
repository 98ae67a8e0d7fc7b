import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { createTestBridge, type TestBridge } from '../../test/support/bridge.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { webhookBody } from '../../test/support/webhooks.ts';
import { median } from './receive-cpu.ts';

export interface HangingFigures {
  perSecond: number;
  pairs: number;
  /** 99th percentile from sending the webhook to its arrival at the two healthy destinations, milliseconds. */
  withoutMillis: number;
  withMillis: number;
  /** Median of the pairs' ratios. */
  ratio: number;
}

interface Setup {
  bridge: TestBridge;
  arrivals: Map<string, number[]>;
  close(): Promise<void>;
}

const timeoutSeconds = 1;

/** A server that takes requests and never answers. */
async function startHanging(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function setUp(third: 'answers' | 'hangs'): Promise<Setup> {
  const database = await startTestDatabase();
  const arrivals = new Map<string, number[]>();
  const noted = (body: string) => {
    const { id } = JSON.parse(body);
    arrivals.set(id, [...(arrivals.get(id) ?? []), performance.now()]);
  };
  const healthy = [await startReceiver(noted), await startReceiver(noted)];
  const last = third === 'hangs' ? await startHanging() : await startReceiver();
  const hook = (name: string, url: string) => ({
    name,
    type: 'webhook',
    url,
    secret: 'env:HOOK',
    timeout_seconds: timeoutSeconds,
  });
  const bridge = createTestBridge(database.store, {
    config: {
      destinations: [
        ...healthy.map(({ url }, index) => hook(`healthy-${index}`, url)),
        hook('third', last.url),
      ],
    },
    secrets: { 'env:HOOK': [`whsec_${Buffer.alloc(32).toString('base64')}`] },
  });
  await pinService(database.store, 'PBENCH', { services: ['checkout-api'], team: 'payments' });
  return {
    bridge,
    arrivals,
    close: async () => {
      await Promise.all([...healthy, last].map((each) => each.close()));
      await database.stop();
    },
  };
}

async function ninetyNinth(setup: Setup, perSecond: number, seconds: number, run: string): Promise<number> {
  const sent = new Map<string, number>();
  const underway: Promise<unknown>[] = [];
  const total = perSecond * seconds;
  const startedAt = performance.now();
  for (let index = 0; index < total; index++) {
    const wait = startedAt + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const id = `${run}-${index}`;
    const body = webhookBody('incident.triggered', {
      id,
      at: '2026-03-02T10:00:00Z',
      data: {
        id: `Q${run}${index}`,
        service: { id: 'PBENCH', type: 'service_reference', summary: 'Checkout' },
      },
    });
    sent.set(id, performance.now());
    underway.push(setup.bridge.deliver(body));
    // Probes of the hanging destination go on meanwhile, as they do in operation.
    if (index % perSecond === 0) underway.push(setup.bridge.sweep());
  }
  await Promise.all(underway);
  const delays = [...sent].map(
    ([id, at]) => Math.max(...(setup.arrivals.get(id) ?? [Number.POSITIVE_INFINITY])) - at,
  );
  return delays.sort((a, b) => a - b)[Math.ceil(delays.length * 0.99) - 1] ?? Number.NaN;
}

/**
 * What a destination that hangs costs the others: interleaved pairs of runs with and without it. The one
 * timeout that opens its breaker comes before the measured part.
 */
export async function measureHanging(perSecond = 10, seconds = 6, pairs = 5): Promise<HangingFigures> {
  const without = await setUp('answers');
  const hanging = await setUp('hangs');
  try {
    await ninetyNinth(without, perSecond, 2, 'warm');
    await ninetyNinth(hanging, perSecond, 2, 'warm');
    const results: { without: number; with: number }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      results.push({
        without: await ninetyNinth(without, perSecond, seconds, `p${pair}`),
        with: await ninetyNinth(hanging, perSecond, seconds, `p${pair}`),
      });
    }
    return {
      perSecond,
      pairs,
      withoutMillis: median(results.map((each) => each.without)),
      withMillis: median(results.map((each) => each.with)),
      ratio: median(results.map((each) => each.with / each.without)),
    };
  } finally {
    await without.close();
    await hanging.close();
  }
}
