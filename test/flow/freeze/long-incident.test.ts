import { service } from '../../support/catalog-entries.ts';
import { seededRng } from '../../support/rng.ts';
import { at, createFixture, type Fixture, page, told } from './fixture.ts';

/** A flapping incident: resolved and reopened all the time. */
const flapping = Array.from({ length: 2_000 }, (_, index) => {
  const type = index === 0 ? 'triggered' : index % 2 === 1 ? 'resolved' : 'reopened';
  return told('Q1', `incident.${type}`, index, { service: at('PCHECK') });
});
const checkout = service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') });

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
  // The webhooks come after what they tell of: a date far ahead of the clock would not be believed.
  fixture.clock.advance(flapping.length * 60_000);
});

const sequences = () => fixture.arrived('Q1').map(({ sequence }) => sequence);
const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

async function expectTheWholeStory(count: number): Promise<void> {
  expect(sequences()).toEqual(oneTo(count));
  const ids = flapping.slice(0, count).map(({ event }) => event.id);
  expect(fixture.arrived('Q1').map(({ id }) => id)).toEqual(ids);
  expect(await fixture.row('Q1')).toMatchObject({
    status: 'resolved',
    event_count: count,
    reopen_count: count / 2 - 1,
    // Every second minute of it was an outage.
    time_to_restore_seconds: (count / 2) * 60,
    forwarding: 'settled',
    last_sequence: count,
  });
  const rows = [...(await fixture.rowsOf('events', 'Q1')), ...(await fixture.rowsOf('deliveries', 'Q1'))];
  expect(rows.filter((row) => row['due_at'] || row['status'] === 'pending')).toEqual([]);
}

describe('an incident of very many events', () => {
  it('that was held goes out in whole and in order after the push that covers it', async () => {
    const bridge = fixture.bridge();
    for (const body of flapping) await bridge.send(body);
    fixture.clock.advance(31_000);
    await bridge.sweep();
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held', event_count: 2_000 });
    await fixture.push(checkout);
    await bridge.sweep();
    await expectTheWholeStory(2_000);
  });

  it('goes out over several runs when each has time for a part of it only', async () => {
    const count = 600;
    const bridge = fixture.bridge();
    for (const body of flapping.slice(0, count)) await bridge.send(body);
    fixture.clock.advance(31_000);
    await bridge.sweep();
    await fixture.push(checkout);
    // Each write takes 60 ms: a lease is over after some hundred events.
    const slow = fixture.bridge(
      {},
      {
        send: async (command) => {
          if (/^(Put|Update)/.test(command.constructor.name)) fixture.clock.advance(60);
          return fixture.store.db.send(command);
        },
      },
    );
    let sweeps = 0;
    while (sequences().length < count && sweeps < 40) {
      await slow.sweep();
      fixture.clock.advance(60_000);
      sweeps += 1;
    }
    expect(sweeps).toBeGreaterThan(2);
    await slow.sweep();
    await expectTheWholeStory(count);
  });

  it('that arrives one by one costs as much for its last event as for its first ones', async () => {
    await fixture.push(checkout);
    let calls = 0;
    let read = 0;
    const counted = fixture.bridge(
      {},
      {
        send: async (command) => {
          calls += 1;
          const answer = await fixture.store.db.send(command);
          read += answer.Items?.length ?? 0;
          return answer;
        },
      },
    );
    const costs: [number, number][] = [];
    for (const body of flapping.slice(0, 150)) {
      calls = 0;
      read = 0;
      await counted.deliver(body);
      costs.push([calls, read]);
    }
    expect(costs.at(-1)).toEqual(costs[10]);
    expect(sequences()).toEqual(oneTo(150));
  });

  it('that arrives in a random order is the same incident in the end', async () => {
    await fixture.push(checkout);
    const bridge = fixture.bridge();
    const rng = seededRng(7);
    const shuffled = flapping
      .slice(0, 100)
      .map((body) => ({ body, place: rng() }))
      .sort((a, b) => a.place - b.place);
    for (const { body } of shuffled) await bridge.deliver(body);
    expect(await fixture.row('Q1')).toMatchObject({
      status: 'resolved',
      reopen_count: 49,
      time_to_restore_seconds: 50 * 60,
    });
    expect(sequences()).toEqual(oneTo(100));
  });
});
