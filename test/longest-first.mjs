import { existsSync } from 'node:fs';
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Seconds on two idle cores of the files that take long, roughly; the order is what counts. */
const seconds = {
  'house/additions': 45,
  'docs/commands': 25,
  'infra/frameworks': 25,
  'infra/bundles': 25,
  'cli/bundle': 25,
  'infra/roles': 20,
  'simulation/mutants': 20,
  'local/npm-start': 20,
  'infra/template': 18,
  'end-to-end/delivery-outage': 18,
  'local/demo': 18,
  'simulation/simulation': 15,
  'end-to-end/canary-npm-start': 15,
  'infra/emulator': 12,
  'simulation/process-level': 12,
  'end-to-end/kill': 12,
  'simulation/aims': 10,
  'end-to-end/lifecycle': 10,
  'infra/misconfiguration': 10,
  'infra/alarms': 8,
  'cli/listings': 8,
  'flow/freeze/long-incident': 8,
  'end-to-end/matching': 8,
  'flow/freeze/dying-worker': 8,
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
