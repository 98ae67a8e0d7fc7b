import { createClockWatch } from '../../../lib/flow/sweep/clock-went-back.ts';
import { fiveEvents } from '../deliver/five-events.ts';
import { createFixture, hook, hour, letTimePass, minutes } from '../deliver/fixture.ts';
import { leftovers } from '../deliver/invariants.ts';
import { startUnrulyReceiver, status } from '../deliver/unruly-receiver.ts';

describe('a clock that goes back', () => {
  it.each([
    ['by three hours', [10 * hour, 7 * hour], 3 * hour],
    ['by two minutes', [hour, hour - minutes(2)], minutes(2)],
    ['by seconds, as time servers do every day', [hour, hour - 20_000], 0],
    ['not at all', [hour, hour + 60_000], 0],
  ])('is noticed from one sweep to the next: %s', (_, [before = 0, after = 0], backMs) => {
    const wentBackBy = createClockWatch();
    expect(wentBackBy(before)).toBe(0);
    expect(wentBackBy(after)).toBe(backMs);
    expect(wentBackBy(after)).toBe(0);
  });

  it('does not hold deliveries up until it has caught up, and the log says so', async () => {
    const [receiver, fixture] = [await startUnrulyReceiver(), await createFixture()];
    const bridge = fixture.bridge([hook('hook', receiver)]);
    receiver.always(() => status(503));
    for (const body of fiveEvents('Q1')) await bridge.deliver(body);
    await letTimePass(bridge, fixture.clock, { total: minutes(6), step: minutes(1) });
    expect(leftovers(fixture)).not.toEqual([]);

    receiver.always(() => status(204));
    fixture.clock.advance(-5 * hour);
    await letTimePass(bridge, fixture.clock, { total: minutes(20), step: minutes(1) });
    expect(leftovers(fixture)).toEqual([]);
    const said = bridge.deps.telemetry.lines.filter(({ message }) =>
      message.startsWith('the clock has gone'),
    );
    expect(said).toMatchObject([{ level: 'warn', fields: { seconds: expect.any(Number), deliveries: 1 } }]);
    await receiver.close();
  });

  it('leaves no lease or claim behind that keeps an incident from being worked on for hours', async () => {
    const [receiver, fixture] = [await startUnrulyReceiver(), await createFixture()];
    const bridge = fixture.bridge([hook('hook', receiver)]);
    const [first, second] = fiveEvents('Q1');
    if (!first || !second) throw new Error('too few events');
    await bridge.deliver(first);
    // As a worker leaves them that was killed before the clock was set right.
    const until = { S: new Date(fixture.clock.now() + 2 * hour).toISOString() };
    await fixture.store.db.send({
      constructor: { name: 'UpdateItemCommand' },
      input: {
        TableName: 'incidents',
        Key: { incident_id: { S: 'Q1' } },
        UpdateExpression: 'SET #owner = :owner, #until = :until',
        ExpressionAttributeNames: { '#owner': 'lease_owner', '#until': 'lease_until' },
        ExpressionAttributeValues: { ':owner': { S: 'dead' }, ':until': until },
      },
    } as never);
    await bridge.deliver(second);
    expect(receiver.firstReceipts()).toHaveLength(2);
    await receiver.close();
  });
});
