import { workSubject } from '../../../lib/flow/subjects/work-subject.ts';
import { createSweep } from '../../../lib/flow/sweep/sweep.ts';
import type { Store } from '../../../lib/store/database/dynamo.ts';
import { lastEventKey, markEventDue } from '../../../lib/store/events/events.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { eventIds, fiveEvents } from './five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from './fixture.ts';
import { leftovers, watchInvariants } from './invariants.ts';
import { type Behaviour, startUnrulyReceiver, type UnrulyReceiver } from './unruly-receiver.ts';

let receiver: UnrulyReceiver;
let fixture: Fixture;
let watch: { found: string[] };

beforeEach(async () => {
  [receiver, fixture] = await Promise.all([startUnrulyReceiver(), createFixture()]);
  watch = watchInvariants(fixture);
});
afterEach(() => receiver.close());

/** An answer that the test gives when it likes. */
function heldAnswer(
  accepts: boolean,
  code: number,
): { behaviour: Behaviour; arrived: Promise<void>; answer(): void } {
  let answer = () => {};
  let reached = () => {};
  const arrived = new Promise<void>((resolve) => {
    reached = resolve;
  });
  return {
    arrived,
    answer: () => answer(),
    behaviour: {
      accepts,
      answer: (response) => {
        answer = () => response.writeHead(code).end();
        reached();
      },
    },
  };
}

describe('a worker whose attempt outlasts its claim', () => {
  it.each<[string, boolean, number]>([
    ['succeeds', true, 200],
    ['fails', false, 500],
    ['is refused', false, 400],
  ])(
    'and %s leaves the delivery to the one that took it over, even if that one dies',
    async (_, accepts, code) => {
      const bridge = fixture.bridge([hook('hook', receiver, { timeout_seconds: 5 })]);
      const slow = heldAnswer(accepts, code);
      receiver.next(slow.behaviour);
      const [first, ...rest] = fiveEvents('Q1');
      if (!first) throw new Error('no event');
      const working = bridge.deliver(first);
      await slow.arrived;

      // Somebody else takes the delivery over, and is gone before anything has left.
      fixture.clock.advance(minutes(1));
      let took = () => {};
      const taken = new Promise<void>((resolve) => {
        took = resolve;
      });
      const destinations = bridge.deps.destinations.map((destination) => ({
        ...destination,
        send: () => {
          took();
          return new Promise<never>(() => {});
        },
      }));
      void createSweep({ ...bridge.deps, destinations })(60_000);
      await taken;
      slow.answer();
      await working;
      expect(watch.found).toEqual([]);
      expect(fixture.deliveries('hook')).toMatchObject([{ status: 'pending', attempts: 0 }]);

      for (const body of rest) await bridge.deliver(body);
      await letTimePass(bridge, fixture.clock, { total: hour, step: minutes(1) });
      expect(receiver.firstReceipts()).toEqual(eventIds('Q1'));
      expect(leftovers(fixture)).toEqual([]);
      expect(watch.found).toEqual([]);
    },
  );

  it('does not start another one that could outlast it', async () => {
    const bridge = fixture.bridge([hook('hook', receiver, { timeout_seconds: 30 })]);
    const [first, second] = [heldAnswer(true, 200), heldAnswer(true, 200)];
    receiver.next(first.behaviour, second.behaviour);
    for (const body of fiveEvents('Q1').slice(0, 2)) await bridge.send(body);
    fixture.clock.advance(minutes(1));
    const working = bridge.sweep();
    await first.arrived;
    // 20 of its 45 seconds are gone when the second event's turn comes.
    fixture.clock.advance(20_000);
    first.answer();
    await working;
    expect(receiver.firstReceipts()).toEqual(['Q1-1']);
    expect(fixture.deliveries('hook')[1]).toMatchObject({ status: 'pending', attempts: 0 });
    expect(fixture.deliveries('hook')[1]).toHaveProperty('due_at');
    expect(watch.found).toEqual([]);
  });

  it('takes away no due mark that was put on the event since it began', async () => {
    const { bridge, event, slow, working } = await midwayThroughAnAttempt();
    const mark = await markEventDue(fixture.store, event, fixture.clock.now() + minutes(2));
    slow.answer();
    await working;
    expect(fixture.rows('events')).toMatchObject([{ due_at: mark?.dueAt }]);

    await letTimePass(bridge, fixture.clock, { total: minutes(5), step: minutes(1) });
    expect(leftovers(fixture)).toEqual([]);
    expect(receiver.firstReceipts()).toEqual(['Q1-1']);
  });
});

describe('a worker that has read an incident before it was settled', () => {
  it('leaves it settled when it writes the row afterwards, even if it dies then', async () => {
    const { bridge, event, slow, working } = await midwayThroughAnAttempt();

    let dead = false;
    const send: Store['db']['send'] = async (command) => {
      if (dead) throw new Error('this worker is dead');
      if (isCommit(command)) {
        slow.answer();
        await working;
        expect(leftovers(fixture)).toEqual(['leased Q1']);
        dead = true;
      }
      return fixture.store.db.send(command);
    };
    const store: Store = { ...fixture.store, db: { send } };
    const wake = { subject: 'Q1', logKeys: [event.logKey] };
    await workSubject({ ...bridge.deps, store }, wake, fixture.clock.now() + hour).catch(() => {});
    expect(dead).toBe(true);
    await letTimePass(bridge, fixture.clock, { total: minutes(10), step: minutes(1) });
    expect(leftovers(fixture)).toEqual([]);
  });
});

/** A worker has sent the only event of an incident, and has no answer yet. */
async function midwayThroughAnAttempt() {
  const bridge = fixture.bridge([hook('hook', receiver)]);
  const slow = heldAnswer(true, 200);
  receiver.next(slow.behaviour);
  const [first] = fiveEvents('Q1') as [WebhookBody];
  const working = bridge.deliver(first);
  await slow.arrived;
  const event = await lastEventKey(fixture.store, 'Q1');
  if (!event) throw new Error('no event in the log');
  return { bridge, event, slow, working };
}

/** The write with which a worker gives the lease back. */
const isCommit = ({ input }: { input: object }): boolean =>
  'UpdateExpression' in input && String(input.UpdateExpression).includes('#folded_through');
