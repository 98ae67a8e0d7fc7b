import { createHmac, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import type { createReceive } from '../../lib/flow/receive/receive-webhook.ts';
import { webhookBody } from '../../test/support/webhooks.ts';
import { bundle } from '../build/bundle.ts';
import { inFolder } from './load-time.ts';

export interface ReceiveCpuFigures {
  bodyBytes: number;
  receiveMicros: number;
  /** One HMAC and one JSON.parse over the same bytes: no receiver of signed JSON can do with less. */
  floorMicros: number;
  ratio: number;
}

const root = path.resolve(import.meta.dirname, '../..');
const secret = 'bench-secret';
const batchSize = 400;
const batches = 41;

/** Processor time of `receive`, built as it is deployed, per webhook with the database stubbed. */
export const measureReceiveCpu = (bodyBytes = 3_000): Promise<ReceiveCpuFigures> =>
  inFolder(async (folder) => {
    const built = path.join(folder, 'receive.cjs');
    await bundle(root, path.join(root, 'lib/flow/receive/receive-webhook.ts'), built);
    const loaded: { createReceive: typeof createReceive } = createRequire(import.meta.url)(built);
    return measure(loaded.createReceive, bodyBytes);
  });

/** Medians of interleaved batches. */
async function measure(create: typeof createReceive, bodyBytes: number): Promise<ReceiveCpuFigures> {
  const body = webhookBody('incident.triggered', { at: '2026-03-02T10:00:00Z' });
  const missing = bodyBytes - JSON.stringify(body).length;
  body.event.data['padding'] = 'x'.repeat(Math.max(0, missing - 13));
  const text = JSON.stringify(body);
  const rawBody = new TextEncoder().encode(text);
  const header = sign(rawBody, secret);
  const receive = create({
    store: { db: { send: async () => ({}) }, table: (name) => name },
    secrets: { read: async () => [secret] },
    clock: { now: () => 1_772_445_600_000, sleep: () => new Promise(() => {}) },
    telemetry: { info() {}, warn() {}, error() {}, metric() {} },
    config: { authenticate: { signing_secrets: 'env:S' }, retention_days: 400 },
  });
  const headers = {
    'x-pagerduty-signature': header,
    'x-webhook-id': 'w',
    'content-type': 'application/json',
  };
  const request = { method: 'POST', headers, rawBody, arrivedAtMs: 1_772_445_600_000 };
  const expected = Buffer.from(header.slice(3), 'hex');

  const full = async () => {
    const { status } = await receive(request);
    if (status !== 202) throw new Error(`the benchmark's webhook was answered ${status}`);
  };
  const floor = async () => {
    const digest = createHmac('sha256', secret).update(rawBody).digest();
    if (!timingSafeEqual(digest, expected)) throw new Error('wrong signature');
    if (!JSON.parse(Buffer.from(rawBody).toString('utf8')).event) throw new Error('no event');
  };
  const fullTimes: number[] = [];
  const floorTimes: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    fullTimes.push(await cpuMicros(full));
    floorTimes.push(await cpuMicros(floor));
  }
  const receiveMicros = median(fullTimes.slice(5));
  const floorMicros = median(floorTimes.slice(5));
  return { bodyBytes: rawBody.byteLength, receiveMicros, floorMicros, ratio: receiveMicros / floorMicros };
}

async function cpuMicros(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < batchSize; index++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / batchSize;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
