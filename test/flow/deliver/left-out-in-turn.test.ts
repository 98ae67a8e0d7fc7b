import type { Store } from '../../../lib/store/database/dynamo.ts';
import { service } from '../../support/catalog-entries.ts';
import { moment } from '../../support/moment.ts';
import { at, createFixture, page, told } from '../freeze/fixture.ts';

interface Command {
  constructor: { name: string };
  input: { TableName?: string; Key?: Record<string, { S?: string }>; UpdateExpression?: string };
}
const isOf = (command: Command, name: string, delivery: string) =>
  command.constructor.name === name &&
  command.input.TableName?.endsWith('deliveries') === true &&
  command.input.Key?.['delivery_id']?.S === delivery;

it('what was left out goes in turn, though a worker that stood still saw nothing owed before its own', async () => {
  const fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
  const { db } = fixture.store;
  const bridge = (through?: Store['db']) => {
    const hook = { name: 'hook', type: 'webhook', url: fixture.receiver.url } as const;
    return fixture.bridge({ destinations: [{ ...hook, only: { priorities: ['P1'] } }] }, through);
  };
  const event = (type: string, minutes: number, summary: string) => {
    const priority = { id: `PRIO${summary}`, type: 'priority_reference', summary };
    return told('Q1', type, minutes, { service: at('PCHECK'), priority });
  };
  const [lookedBack, owedAfterAll] = [moment(), moment()];
  const slow = {
    send: async (command: Command) => {
      const answer = await db.send(command as never);
      if (isOf(command, 'GetItemCommand', 'hook#00000001')) {
        lookedBack.reach();
        await owedAfterAll.reached;
      }
      return answer;
    },
  } as unknown as Store['db'];
  let ended: Promise<unknown> | undefined;
  const quick = {
    send: async (command: Command) => {
      const claims = isOf(command, 'UpdateItemCommand', 'hook#00000001');
      if (claims && command.input.UpdateExpression?.includes('claim') && ended) {
        owedAfterAll.reach();
        await ended;
      }
      return db.send(command as never);
    },
  } as unknown as Store['db'];

  await bridge().deliver(event('incident.triggered', 0, 'P3'));
  ended = bridge(slow).deliver(event('incident.acknowledged', 2, 'P3'));
  await lookedBack.reached;
  await bridge(quick).deliver(event('incident.priority_updated', 5, 'P1'));
  await ended;
  fixture.clock.advance(120_000);
  await bridge().sweep();
  expect(fixture.arrived('Q1').map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});
