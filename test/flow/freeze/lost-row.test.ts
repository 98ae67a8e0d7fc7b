import { askForRematch } from '../../../lib/flow/freeze/ask-for-rematch.ts';
import { rebuildIncident } from '../../../lib/flow/freeze/rebuild-incident.ts';
import { remove } from '../../../lib/store/database/request.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { at, createFixture, type Fixture, page, threeEvents, told } from './fixture.ts';

/** Somebody has deleted an incident's row by hand; the log is still there. */
let fixture: Fixture;
let bridge: TestBridge;
beforeEach(() => {
  fixture = createFixture();
  bridge = fixture.bridge();
});

const checkout = service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') });
const reopened = told('Q1', 'incident.reopened', 20, { service: at('PCHECK') });
const lose = () => remove(fixture.store, 'incidents', { incident_id: 'Q1' });
const rebuild = () =>
  rebuildIncident(fixture.store, bridge.deps.config, 'Q1', 'a person', fixture.clock.now());
const sent = () =>
  fixture.arrived('Q1').map(({ sequence, type, team }) => [sequence, type.slice('incident.'.length), team]);
const four = [
  [1, 'triggered', 'payments'],
  [2, 'acknowledged', 'payments'],
  [3, 'resolved', 'payments'],
  [4, 'reopened', 'payments'],
];

describe('the row of an incident that was sent', () => {
  beforeEach(async () => {
    await fixture.push(checkout);
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await lose();
    // The recorded match is kept in what was sent.
    await fixture.push({ ...checkout, team: 'other' });
  });

  it('comes back with the next event, and nothing is sent twice', async () => {
    await bridge.deliver(reopened);
    expect(sent()).toEqual(four);
    expect(await fixture.row('Q1')).toMatchObject({ reopen_count: 1, event_count: 4, last_sequence: 4 });
  });

  it('comes back when it is rebuilt, and nothing is sent twice', async () => {
    expect(await rebuild()).toMatchObject({ outcome: 'rebuilt' });
    expect(await fixture.row('Q1')).toMatchObject({ status: 'resolved', team: 'payments', last_sequence: 3 });
    fixture.clock.advance(60_000);
    await bridge.sweep();
    expect(sent()).toEqual(four.slice(0, 3));
    await bridge.deliver(reopened);
    expect(sent()).toEqual(four);
  });
});

describe('the row of an incident that was held', () => {
  beforeEach(async () => {
    for (const body of threeEvents('Q1', at('PCHECK'))) await bridge.deliver(body);
    await lose();
  });

  it('comes back with the next event, which finds what was held before', async () => {
    await fixture.push(checkout);
    await bridge.deliver(reopened);
    expect(sent()).toEqual(four);
  });

  it('comes back when it is rebuilt, and is held or sent like any other', async () => {
    expect(await rebuild()).toMatchObject({ outcome: 'rebuilt' });
    fixture.clock.advance(60_000);
    await bridge.sweep();
    expect(await fixture.row('Q1')).toMatchObject({ forwarding: 'held', held_reason: 'unmatched' });
    await fixture.push(checkout);
    await bridge.sweep();
    expect(sent()).toEqual(four.slice(0, 3));
  });
});

describe('the row of an incident that was matched again', () => {
  const [triggered, acknowledged, resolved] = threeEvents('Q1', at('PCHECK')) as [
    WebhookBody,
    WebhookBody,
    WebhookBody,
  ];
  beforeEach(async () => {
    await fixture.push(checkout);
    await bridge.deliver(triggered);
    await fixture.push({ ...checkout, team: 'platform' });
    await askForRematch(fixture.store, 'Q1', fixture.clock.now());
    await bridge.sweep();
    await bridge.deliver(acknowledged);
    await lose();
    await fixture.push({ ...checkout, team: 'other' });
  });
  afterEach(() => {
    expect(sent()).toEqual([
      [1, 'triggered', 'payments'],
      [2, 'acknowledged', 'platform'],
      [3, 'resolved', 'platform'],
    ]);
  });

  it('keeps the newest match when it comes back with the next event', async () => {
    await bridge.deliver(resolved);
    expect(await fixture.row('Q1')).toMatchObject({ team: 'platform' });
  });

  it('keeps the newest match when it is rebuilt', async () => {
    expect(await rebuild()).toMatchObject({ outcome: 'rebuilt' });
    expect(await fixture.row('Q1')).toMatchObject({ team: 'platform' });
    await bridge.deliver(resolved);
  });
});
