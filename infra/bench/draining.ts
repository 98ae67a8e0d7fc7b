import { ninetyNinthBeside } from '../../test/support/beside-another.ts';
import { createVirtualBridge } from '../../test/support/virtual-bridge.ts';
import type { Bench } from './bench.ts';

const incidents = 4_000;
const eventsOfEach = 5;

/** Real workers and an in-memory database in virtual time: what a receiver and AWS's clock cost, no processor time. */
export const draining: Bench = {
  id: 'draining',
  title: 'After an outage, and beside a slow destination, on the clock of AWS',
  async run(report) {
    const owed = incidents * eventsOfEach;
    const bridge = createVirtualBridge([{ name: 'hook', answersAfterMs: 200 }]);
    const hook = bridge.receivers.get('hook');
    await bridge.owe('hook', incidents, eventsOfEach);
    const isDone = () => (hook?.arrived.length ?? 0) >= owed;
    bridge.sweepEachMinute(isDone);
    const took = await bridge.run(isDone);
    report({
      name: `${owed} deliveries, 200 ms an answer, are gone after`,
      value: took,
      unit: 'ms',
      aim: 600_000,
    });
    report({ name: 'at once', value: hook?.mostAtOnce ?? 0, unit: 'count', aim: 32 });
    const alone = (await ninetyNinthBeside(100)).lag;
    report({ name: '99th percentile of a swift destination', value: alone, unit: 'ms' });
    for (const [name, ms, status] of [
      ['one that answers 200 after 9 s', 9_000, 204],
      ['one that answers 101', 50, 101],
    ] as const) {
      const { lag } = await ninetyNinthBeside(ms, status);
      report({ name: `the same beside ${name} / alone`, value: lag / alone, unit: 'ratio', aim: 2 });
    }
  },
};
