import { type Check, fault, orOk, skipped } from '../check.ts';

export const alarms: Check = {
  name: 'alarms',
  async look({ deployment }) {
    if (deployment.alarms === undefined) return skipped('there are none on this machine');
    const on = await deployment.alarms();
    return orOk(
      on.map(({ name, what, since }) =>
        fault(`${name} is on${since === undefined ? '' : ` since ${since}`}. ${what}`, runbookIn(what)),
      ),
      'none is on',
    );
  },
};

/** An alarm's description ends in the place where it is said what to do. */
const runbookIn = (what: string): string => /docs\/\S+/.exec(what)?.[0] ?? 'docs/operating.md';
