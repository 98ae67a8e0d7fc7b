import type { Store } from '../../../lib/store/database/dynamo.ts';
import { service } from '../../support/catalog-entries.ts';
import { moment } from '../../support/moment.ts';
import { at, createFixture, page, threeEvents } from './fixture.ts';

/** What a command does, as far as the story here needs it. */
const isPut = (command: { constructor: { name: string }; input: unknown }, table: string) =>
  command.constructor.name === 'PutItemCommand' &&
  (command.input as { TableName?: string }).TableName?.endsWith(table) === true;
const asksWhatIsAhead = ({ input }: { input: unknown }) => {
  const { TableName, KeyConditionExpression } = input as Record<string, string | undefined>;
  return TableName?.endsWith('outgoing') === true && KeyConditionExpression?.includes('>') === true;
};

it('what a worker freezes that has stood still goes out, though it dies and its follower has looked already', async () => {
  const fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
  const { db } = fixture.store;
  const [standsStill, goesOn] = [moment(), moment()];
  let hasFrozen = false;
  const zombie: Store['db'] = {
    send: async (command: Parameters<typeof db.send>[0]) => {
      if (hasFrozen) throw new Error('the worker is dead');
      if (isPut(command, 'outgoing')) {
        standsStill.reach();
        await goesOn.reached;
        hasFrozen = true;
      }
      return db.send(command);
    },
  } as Store['db'];
  const [triggered] = threeEvents('Q1', at('PCHECK'));
  if (!triggered) throw new Error('there is no event');
  await fixture.bridge().send(triggered);
  const [event] = await fixture.rowsOf('events', 'Q1');
  const ended = fixture.bridge({}, zombie).wake('Q1', String(event?.['log_key']));
  await standsStill.reached;

  fixture.clock.advance(120_000);
  const follower: Store['db'] = {
    send: async (command: Parameters<typeof db.send>[0]) => {
      const answer = await db.send(command);
      if (!hasFrozen && asksWhatIsAhead(command)) {
        goesOn.reach();
        await ended.catch(() => {});
      }
      return answer;
    },
  } as Store['db'];
  await fixture.bridge({}, follower).sweep();
  expect(hasFrozen).toBe(true);
  fixture.clock.advance(300_000);
  await fixture.bridge().sweep();
  expect(fixture.arrived('Q1').map(({ sequence, type }) => [sequence, type])).toEqual([
    [1, 'incident.triggered'],
  ]);
  expect(await fixture.row('Q1')).toMatchObject({ last_sequence: 1, forwarding: 'settled' });
});
