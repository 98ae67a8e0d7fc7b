import { createVirtualBridge, type VirtualBridge, type VirtualReceiver } from './virtual-bridge.ts';
import { webhookBody } from './webhooks.ts';

const minute = 60_000;
/** As in serverless.yml: records a batch, batches at once of a new table's four shards. */
const batchSize = 25;
const atOnce = 4;

const receiver = (bridge: VirtualBridge, name: string) => bridge.receivers.get(name) as VirtualReceiver;

/** A stream of its own with as many readers as AWS has: each takes the next batch when the one before is done. */
function readers(bridge: VirtualBridge) {
  const waiting: unknown[] = [];
  let busy = 0;
  const start = () => {
    while (busy < atOnce && waiting.length > 0) {
      const records = waiting.splice(0, batchSize);
      busy += 1;
      void bridge
        .worker()
        .forward({ Records: records }, minute)
        .then(() => {
          busy -= 1;
          start();
        });
    }
  };
  return (record: unknown) => {
    waiting.push(record);
    start();
  };
}

/** 99th percentile of the time from the webhook to `swift`, milliseconds, in a burst after a first few webhooks. */
export async function ninetyNinthBeside(
  slowMs: number,
  status = 204,
): Promise<{ lag: number; bridge: VirtualBridge }> {
  const bridge = createVirtualBridge([
    { name: 'swift', answersAfterMs: 100 },
    { name: 'other', answersAfterMs: slowMs },
  ]);
  const swift = receiver(bridge, 'swift');
  receiver(bridge, 'other').status = status;
  const push = readers(bridge);
  const sent = new Map<string, number>();
  let done = false;
  bridge.sweepEachMinute(() => done);
  const tell = (id: string) => {
    const at = new Date(bridge.scheduler.now()).toISOString();
    const incident = { id: `Q${id}`, service: { id: 'P1', type: 'service_reference', summary: 'Shop' } };
    sent.set(id, bridge.scheduler.now());
    void bridge.tell(webhookBody('incident.triggered', { id, at, data: incident })).then(push);
  };
  bridge.scheduler.after(0, () => Array.from({ length: 8 }, (_, at) => tell(`warm${at}`)));
  for (let at = 0; at < 120; at++) bridge.scheduler.after(20_000 + at * 20, () => tell(`burst${at}`));
  await bridge.run(
    () => swift.arrived.length >= 128 || bridge.scheduler.now() > Date.parse('2026-03-02T09:00Z'),
  );
  done = true;
  const lags = [...sent]
    .filter(([id]) => id.startsWith('burst'))
    .map(([id, at]) => (swift.times.get(id) ?? Number.POSITIVE_INFINITY) - at)
    .sort((a, b) => a - b);
  return { lag: lags[Math.ceil(lags.length * 0.99) - 1] ?? Number.NaN, bridge };
}
