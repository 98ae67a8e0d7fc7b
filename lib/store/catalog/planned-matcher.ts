import type { Contribution } from '../../domain/catalog/assemble.ts';
import { withImpliedTeams } from '../../domain/catalog/implied-teams.ts';
import {
  type AccountSettings,
  entryOnAccount,
  inputOnAccount,
} from '../../domain/matching/account-aliases.ts';
import { decide } from '../../domain/matching/decide.ts';
import { entryKeys, lookupKeys } from '../../domain/matching/lookup-keys.ts';
import type { Match, MatchInput } from '../../domain/matching/match.ts';
import { type NameSettings, nameLayers } from '../../domain/matching/name-settings.ts';
import type { Store } from '../database/dynamo.ts';
import { inParallel } from '../database/in-parallel.ts';
import { completeEntries } from './find-entries.ts';
import { contributions } from './matcher.ts';
import type { PushPlan } from './push-plan.ts';
import { inForce, readLookup, readSource } from './reader.ts';
import { asWrittenOnly } from './rows.ts';

const sourcesAtOnce = 4;

/** Matches as if a push had been carried out: what a dry run needs to say what it would change for incidents. */
export async function plannedMatcher(
  store: Store,
  { base, source, entries }: PushPlan,
  settings: NameSettings & AccountSettings,
): Promise<(input: MatchInput) => Promise<Match>> {
  // The push would put these under keys they do not have yet.
  const others = asWrittenOnly(base).filter((other) => other !== source);
  const respelled = await inParallel(others, sourcesAtOnce, async (other) => ({
    source: other,
    entries: await readSource(store, other, base),
  }));
  const byKey = new Map<string, Contribution[]>();
  for (const planned of [{ source, entries }, ...respelled]) {
    for (const entry of withImpliedTeams(planned.entries)) {
      for (const key of entryKeys(entry)) {
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, [{ source: planned.source, entry }]);
        else known.push({ source: planned.source, entry });
      }
    }
  }
  const replaced = new Set([source, ...others]);
  const read = async (key: string): Promise<Contribution[]> => {
    const rows = inForce(base, await readLookup(store, key));
    return [...contributions(rows.filter((row) => !replaced.has(row.source))), ...(byKey.get(key) ?? [])];
  };
  const layers = nameLayers(settings);
  return async (asked) => {
    const input = inputOnAccount(asked, settings);
    const keys = lookupKeys(input, layers);
    const found = (await Promise.all(keys.map(read))).flat();
    const complete = await completeEntries(found, keys, false, read);
    return decide(
      input,
      complete.map((entry) => entryOnAccount(entry, settings)),
      layers,
    );
  };
}
