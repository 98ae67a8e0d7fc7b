import type { Store } from '../../../lib/store/database/dynamo.ts';
import {
  claimDelivery,
  postponeDelivery,
  readDelivery,
  settleDelivery,
} from '../../../lib/store/deliveries/deliveries.ts';
import type { Claim, Delivery } from '../../../lib/store/deliveries/delivery.ts';
import { parkBehind, releaseNext } from '../../../lib/store/deliveries/delivery-order.ts';
import { backfillDelivery } from '../../../lib/store/deliveries/new-deliveries.ts';
import { redriveDelivery } from '../../../lib/store/deliveries/redrive.ts';
import { createMemoryStore } from './memory-store.ts';

const first = { incidentId: 'Q1', destination: 'hook', sequence: 1 };
const second = { ...first, sequence: 2 };
const event = { eventId: 'E', eventType: 'incident.triggered' };
const claimOf = (token: string, untilMs: number): Claim => ({ token, untilMs });
const delivered = { status: 'delivered' as const, attempts: 1, expiresAt: 9_999_999_999 };
const sender = claimOf('the sender of the first', 100_000);

let store: Store;

const look = async (): Promise<Delivery> => {
  const row = await readDelivery(store, second);
  if (!row) throw new Error('the second delivery is gone');
  return row;
};
const settleFirst = (released: number[]) =>
  settleDelivery(store, first, sender, delivered, { released, keepDue: false });

/** The first of two deliveries has been given up, which let the second one have its turn, and is sent again. */
beforeEach(async () => {
  ({ store } = createMemoryStore());
  await backfillDelivery(store, first, event, 0);
  await backfillDelivery(store, second, event, 0);
  const before = claimOf('before', 45_000);
  await claimDelivery(store, first, before, 0);
  await settleDelivery(
    store,
    first,
    before,
    { ...delivered, status: 'dead' },
    { released: [], keepDue: false },
  );
});

/** Up to the moment in which the sender has made the second one due and has not ended the first one yet. */
async function firstIsEnding(): Promise<void> {
  await claimDelivery(store, first, sender, 2_000);
  expect(await settleFirst([])).toEqual([2]);
  await releaseNext(store, second, sender, 3_000);
}

describe('a due mark that a waiting row got because the one before it is ending', () => {
  it('stays although another worker, which saw that one dead, has claimed the row since', async () => {
    await redriveDelivery(store, first, 1_000);
    await parkBehind(store, first, await look());
    await firstIsEnding();
    expect(await claimDelivery(store, second, claimOf('late', 50_000), 3_500)).toBeDefined();
    await parkBehind(store, first, await look());
    expect(await settleFirst([2])).toBe('settled');
    expect(await look()).toHaveProperty('dueAt');
  });

  it('is not taken for an earlier one of the same time', async () => {
    const endOfHorizon = 604_800_000;
    const other = claimOf('other', 45_000);
    await claimDelivery(store, second, other, 0);
    await postponeDelivery(store, second, other, { dueAtMs: endOfHorizon, owedSinceMs: 0 });
    await redriveDelivery(store, first, 1_000);
    const { slow, goOn } = standingStill(await look());
    await firstIsEnding();
    expect(await settleFirst([2])).toBe('settled');
    await claimDelivery(store, second, sender, 3_100);
    await postponeDelivery(store, second, sender, { dueAtMs: endOfHorizon, owedSinceMs: 0 });
    goOn();
    await slow;
    expect(await look()).toHaveProperty('dueAt');
  });
});

/** A worker that has told the first row who waits for it, and stands still before it takes the mark off. */
function standingStill(waiting: Delivery): { slow: Promise<boolean>; goOn(): void } {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { db } = store;
  let calls = 0;
  const send: typeof db.send = async (command) => {
    calls += 1;
    if (calls > 1) await gate;
    return db.send(command);
  };
  return { slow: parkBehind({ ...store, db: { send } }, first, waiting), goOn };
}
