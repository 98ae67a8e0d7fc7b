import fc from 'fast-check';
import { see } from '../../../lib/domain/deployment/versions/see.ts';
import { baseline, type Tracking } from '../../../lib/domain/deployment/versions/tracking.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../../lib/store/database/table-definitions.ts';
import { readTracking, saveTracking } from '../../../lib/store/state/versions.ts';
import { moments } from '../../domain/deployment/versions/moments.ts';
import { createMemoryDynamoDb } from '../../simulation/dynamodb/memory-dynamodb.ts';

const emptyStore = (): Store => ({
  db: createMemoryDynamoDb(tableDefinitions, (name) => name),
  table: (name) => name,
});
const subject = 'versions:checkout/prod';
const sources = { commit_sha: 'c0ffee1', repository_id: 'github.com/acme/shop' };
const first = (version: string) =>
  baseline({ service: 'checkout', namespace: 'shop', version }, { version, at: 0, ...sources });

describe('the row of the versions of a service', () => {
  it('is read as it was written, whatever was seen', async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (all) => {
        const tracking = all.reduce<Tracking>((known, { version, at }) => {
          const pace = { settleMs: 900_000, nowMs: at };
          return see(known, { version, at, ...sources }, pace).tracking;
        }, first('v0'));
        const store = emptyStore();
        const nothing = await readTracking(store, subject);
        expect(nothing.tracking).toBeUndefined();
        expect(await saveTracking(store, subject, nothing, tracking)).toBe(true);
        expect((await readTracking(store, subject)).tracking).toEqual(tracking);
      }),
      { numRuns: 50 },
    );
  });

  it('has a version of any name', async () => {
    for (const version of ['constructor', '__proto__', 'S', '', '支']) {
      const store = emptyStore();
      await saveTracking(store, subject, await readTracking(store, subject), first(version));
      expect((await readTracking(store, subject)).tracking).toEqual(first(version));
    }
  });

  it('is not written over what somebody else has written since it was read', async () => {
    const store = emptyStore();
    const [one, other] = [await readTracking(store, subject), await readTracking(store, subject)];
    expect(await saveTracking(store, subject, one, first('1'))).toBe(true);
    expect(await saveTracking(store, subject, other, first('2'))).toBe(false);
    expect((await readTracking(store, subject)).tracking?.current).toBe('1');
  });
});
