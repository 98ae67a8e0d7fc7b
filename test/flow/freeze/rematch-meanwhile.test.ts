import { askForRematch } from '../../../lib/flow/freeze/ask-for-rematch.ts';
import { lastEventKey } from '../../../lib/store/events/events.ts';
import { service } from '../../support/catalog-entries.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { interrupted } from '../deliver/interrupted.ts';
import { at, createFixture, type Fixture, meddling, page, threeEvents } from './fixture.ts';

const checkout = (team: string) => service('checkout-api', { team, pagerduty: page('PCHECK') });
const [triggered, acknowledged] = threeEvents('Q1', at('PCHECK')) as [WebhookBody, WebhookBody];

async function rematch({ store, clock }: Fixture): Promise<void> {
  expect(await askForRematch(store, 'Q1', clock.now())).toBe(true);
}

/** The second event of an incident is worked on, by a bridge that is interrupted after so many calls. */
async function secondEvent(after: number, act: (fixture: Fixture) => Promise<unknown>) {
  const fixture = createFixture();
  await fixture.push(checkout('payments'));
  await fixture.bridge().deliver(triggered);
  await fixture.push(checkout('platform'));
  await fixture.bridge().send(acknowledged);
  const event = await lastEventKey(fixture.store, 'Q1');
  const { db, counter } = meddling(fixture.store.db, after, () => act(fixture));
  await fixture.bridge({}, db).wake('Q1', event?.logKey ?? '');
  return { fixture, calls: counter.calls };
}

it('a new match asked for while the incident is worked on is made, whatever moment it hits', async () => {
  const { calls } = await secondEvent(0, async () => {});
  expect(calls).toBeGreaterThan(8);
  for (let after = 1; after <= calls; after++) {
    const { fixture } = await secondEvent(after, rematch);
    await fixture.bridge().sweep();
    const row = await fixture.row('Q1');
    expect([after, row]).toEqual([
      after,
      expect.objectContaining({ team: 'platform', forwarding: 'settled' }),
    ]);
    expect([after, row]).toEqual([after, expect.not.objectContaining({ rematch_requested: true })]);
  }
});

it('a new match asked for by somebody who is killed meanwhile is made or not made, but not put off for ever', async () => {
  const killed = async (moment: number) => {
    const fixture = createFixture();
    await fixture.push(checkout('payments'));
    await fixture.bridge().deliver(triggered);
    await fixture.push(checkout('platform'));
    const { store, counter } = interrupted(fixture.store, moment, 'dies');
    await askForRematch(store, 'Q1', fixture.clock.now()).catch(() => {});
    for (let minutes = 0; minutes < 4; minutes++) {
      fixture.clock.advance(60_000);
      await fixture.bridge().sweep();
    }
    return { row: await fixture.row('Q1'), calls: counter.calls };
  };
  const { calls } = await killed(0);
  expect(calls).toBe(4);
  const teams: unknown[] = [];
  for (let moment = 1; moment <= calls + 1; moment++) {
    const { row } = await killed(moment);
    expect([moment, row]).toEqual([moment, expect.not.objectContaining({ rematch_requested: true })]);
    teams.push(row['team']);
  }
  expect(teams).toEqual(['payments', 'payments', 'payments', 'platform', 'platform']);
});
