import { createTelemetry } from '../../../lib/adapters/telemetry/telemetry.ts';
import { createReceive } from '../../../lib/flow/receive/receive-webhook.ts';
import { createTestClock } from '../../support/bridge.ts';

/** Bytes of log that one request costs which nobody has signed. */
async function costOf(headers: Record<string, string>): Promise<{ status: number; bytes: number }> {
  let bytes = 0;
  const clock = createTestClock();
  const receive = createReceive({
    store: { table: (name) => name, db: { send: () => Promise.reject(new Error('not to be asked')) } },
    secrets: { read: async () => ['the-signing-secret'] },
    clock,
    telemetry: createTelemetry({
      write: (line) => {
        bytes += Buffer.byteLength(line) + 1;
      },
      service: 'pagerduty-bridge-prod',
      clock,
      fields: { function: 'receive' },
    }),
    config: { authenticate: { signing_secrets: 'env:SIGNING' }, retention_days: 400 },
  });
  const request = { method: 'POST', headers, rawBody: new Uint8Array(300_000), arrivedAtMs: clock.now() };
  return { status: (await receive(request)).status, bytes };
}

describe('a request that nobody has signed costs less than 1 KB of log', () => {
  const hostile = '\u001b\u009b\u202e"\\é'.repeat(1_000);
  it.each<[string, Record<string, string>, number]>([
    ['without any header', {}, 401],
    ['with a signature', { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` }, 503],
    [
      'with headers full of what must be escaped',
      {
        'x-pagerduty-signature': hostile,
        'x-webhook-id': hostile,
        'x-webhook-subscription': hostile,
        dd_env: hostile,
        'dd-api-key': hostile,
        'user-agent': hostile,
      },
      503,
    ],
  ])('%s', async (_, headers, status) => {
    const cost = await costOf(headers);
    expect(cost.status).toBe(status);
    expect(cost.bytes).toBeLessThan(1_024);
  });
});
