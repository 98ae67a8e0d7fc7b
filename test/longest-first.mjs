import { existsSync } from 'node:fs';
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Seconds on two idle cores of the files that take long, roughly; the order is what counts. */
const seconds = {
  'house/additions': 40,
  'docs/commands': 28,
  'local/npm-start': 22,
  'infra/frameworks': 22,
  'cli/bundle': 22,
  'end-to-end/delivery-outage': 20,
  'simulation/mutants': 18,
  'infra/roles': 15,
  'end-to-end/kill': 15,
  'end-to-end/canary-npm-start': 15,
  'local/demo': 15,
  'infra/bundles': 15,
  'infra/template': 15,
  'cli/listings': 14,
  'infra/emulator': 12,
  'end-to-end/lifecycle': 12,
  'simulation/simulation': 10,
  'simulation/process-level': 10,
  'end-to-end/matching': 10,
  'infra/alarms': 9,
  'flow/freeze/dying-worker': 8,
  'local/server': 8,
  'cli/catalog-sync': 8,
  'infra/misconfiguration': 7,
  'end-to-end/dora-clients': 7,
  'flow/freeze/long-incident': 7,
  'flow/ingest/versions': 6,
  'adapters/aws/dynamodb-client': 6,
  'house/imports': 6,
  'end-to-end/delivery-worker-dies': 5,
  'simulation/aims': 4,
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
