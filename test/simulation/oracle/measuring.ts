import { isDeepStrictEqual } from 'node:util';
import type { Check } from './check.ts';
import { referenceFold } from './reference-fold.ts';

/** What numbers are made of, by what happened, and by what the row says for everybody to see. */
const byLog = ['started_at', 'finished_at', 'time_to_restore_seconds', 'merged_into'] as const;
const byRow = ['services', 'team', 'env', 'severity'] as const;

export const countedOnItsDay: Check = {
  name: 'an incident is found by the day it ended, or among the open ones, with what numbers are made of',
  look: ({ incidents }, broken) => {
    for (const { id, row, log, complete } of incidents) {
      const picture = row && complete && referenceFold(log);
      if (!picture) continue;
      const day = String(row['day']);
      const ended = picture.finished_at?.slice(0, 10);
      if (ended === undefined ? !/^open#[0-7]$/.test(day) : day !== ended)
        broken(
          `${id} is found under ${day}, ${ended === undefined ? 'and is open' : `and ended on ${ended}`}`,
        );
      const facts = (row['facts'] ?? {}) as Record<string, unknown>;
      for (const name of byLog)
        if (facts[name] !== picture[name])
          broken(`${id} is counted with ${name} ${facts[name]}, should be ${picture[name]}`);
      for (const name of byRow)
        if (!isDeepStrictEqual(facts[name], row[name]))
          broken(`${id} is counted with ${name} ${facts[name]}, its row says ${row[name]}`);
    }
  },
};
