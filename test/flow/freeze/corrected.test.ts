import type { DestinationConfig } from '../../../lib/adapters/destinations/destination-config.ts';
import { askForRematch } from '../../../lib/flow/freeze/ask-for-rematch.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { at, createFixture, type Fixture, page, told } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
});

const datadog = (more: Partial<DestinationConfig> = {}): DestinationConfig => ({
  name: 'dd',
  type: 'datadog',
  base_url: fixture.receiver.url,
  api_key: 'env:HOOK',
  ...more,
});
const withKey = { application_key: 'env:HOOK' };

async function wrongThenAsked(bridge: TestBridge, resend = true): Promise<void> {
  for (const [type, minutes] of [
    ['incident.triggered', 0],
    ['incident.resolved', 30],
  ] as const)
    await bridge.deliver(told('Q1', type, minutes, { id: 'Q1CORRECTION01', service: at('PCHECK') }));
  await fixture.push(service('cart', { team: 'shopping', pagerduty: page('PCHECK') }));
  fixture.receiver.received.length = 0;
  expect(await askForRematch(fixture.store, 'Q1CORRECTION01', fixture.clock.now(), resend)).toBe(true);
  for (let round = 0; round < 3; round++) {
    fixture.clock.advance(60_000);
    await bridge.sweep();
  }
}

const requests = () =>
  fixture.receiver.received.map(({ method, json }) => {
    const { services, team, finished_at } =
      (json as { data?: { attributes: Record<string, unknown> } } | undefined)?.data?.attributes ?? {};
    return method === 'DELETE' ? ['DELETE'] : [method, services, team, finished_at !== undefined];
  });
const deliveries = async () =>
  (await fixture.rowsOf('deliveries', 'Q1CORRECTION01')).map((row) =>
    `${row['destination']} ${row['sequence']} ${row['status']} ${row['reason'] ?? ''}`.trim(),
  );

describe('an attribution that is corrected', () => {
  it('replaces the failure at Datadog, with the match the row has now and its end', async () => {
    await wrongThenAsked(fixture.bridge({ destinations: [datadog(withKey)] }));
    expect(requests()).toEqual([['DELETE'], ['POST', ['cart'], 'shopping', true]]);
    expect(await fixture.row('Q1CORRECTION01')).toMatchObject({
      team: 'shopping',
      forwarding: 'settled',
      last_sequence: 3,
    });
    expect(await fixture.row('Q1CORRECTION01')).not.toHaveProperty('resend_requested');
    expect(await deliveries()).toEqual(['dd 1 delivered', 'dd 2 delivered', 'dd 3 delivered']);
  });

  it('stays what it was at Datadog without an application key, and the row says so', async () => {
    await wrongThenAsked(fixture.bridge({ destinations: [datadog()] }));
    expect(requests()).toEqual([]);
    expect((await deliveries()).at(-1)).toBe('dd 3 skipped identity_kept');
  });

  it('is not told to those who are told events', async () => {
    const hook: DestinationConfig = { name: 'hook', type: 'webhook', url: fixture.receiver.url };
    await wrongThenAsked(fixture.bridge({ destinations: [datadog(withKey), hook] }));
    expect((await deliveries()).filter((each) => each.startsWith('hook'))).toEqual([
      'hook 1 delivered',
      'hook 2 delivered',
    ]);
    const [, , correction] = await fixture.rowsOf('outgoing', 'Q1CORRECTION01');
    expect(correction).toMatchObject({ corrects: true, destinations: ['dd'], sequence: 3 });
  });

  it('waits for the next event where only a new match was asked for', async () => {
    await wrongThenAsked(fixture.bridge({ destinations: [datadog(withKey)] }), false);
    expect(requests()).toEqual([]);
    expect(await fixture.row('Q1CORRECTION01')).toMatchObject({ team: 'shopping', last_sequence: 2 });
  });

  it('is carried out also when a worker dies on the way, whenever that is', async () => {
    for (let dies = 1; dies < 16; dies++) {
      fixture = createFixture();
      await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
      const { db } = fixture.store;
      const destinations = [datadog(withKey)];
      const bridge = fixture.bridge({ destinations });
      await bridge.deliver(
        told('Q1', 'incident.triggered', 0, { id: 'Q1CORRECTION01', service: at('PCHECK') }),
      );
      await fixture.push(service('cart', { team: 'shopping', pagerduty: page('PCHECK') }));
      await askForRematch(fixture.store, 'Q1CORRECTION01', fixture.clock.now(), true);
      let writes = 0;
      const dying = fixture.bridge(
        { destinations },
        {
          send: async (command) => {
            if (!/Get|Query|Scan/.test(command.constructor.name) && ++writes > dies)
              throw new Error('this worker is dead');
            return db.send(command);
          },
        },
      );
      await dying.sweep().catch(() => {});
      for (let round = 0; round < 5; round++) {
        fixture.clock.advance(90_000);
        await bridge.sweep();
      }
      expect([dies, requests().at(-1)]).toEqual([dies, ['POST', ['cart'], 'shopping', false]]);
      expect(await fixture.row('Q1CORRECTION01')).toMatchObject({ forwarding: 'settled' });
    }
  });
});
