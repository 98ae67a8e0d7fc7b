import { existsSync } from 'node:fs';
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Seconds on two idle cores of the files that take long, roughly; the order is what counts. */
const seconds = {
  'simulation/mutants': 50,
  'house/additions': 45,
  'local/npm-start': 45,
  'simulation/process-level': 35,
  'flow/freeze/dying-worker': 37,
  'end-to-end/kill': 30,
  'infra/frameworks': 30,
  'simulation/aims': 25,
  'docs/commands': 25,
  'infra/emulator': 25,
  'infra/misconfiguration': 25,
  'simulation/simulation': 22,
  'local/demo': 22,
  'end-to-end/delivery-outage': 20,
  'end-to-end/canary-npm-start': 20,
  'flow/freeze/long-incident': 18,
  'infra/roles': 18,
  'infra/template': 16,
  'infra/bundles': 15,
  'end-to-end/matching': 15,
  'store/catalog/push': 15,
};

/**
 * Files that take long come first, so that no worker sits over one of them when all others are done. Jest knows
 * this from the run before; a fresh clone has none, and the size of a file says little.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const known = new Map();
    for (const [name, duration] of Object.entries(seconds)) {
      const file = path.join(import.meta.dirname, `${name}.test.ts`);
      if (!existsSync(file)) throw new Error(`test/longest-first.mjs lists ${name}, which is not there.`);
      known.set(file, duration * 1000);
    }
    const weight = (test) => test.duration ?? known.get(test.path) ?? 0;
    // Where nothing is known, the order Jest would take is kept.
    return super.sort(tests).sort((a, b) => weight(b) - weight(a));
  }
}
