import type { DestinationConfig } from '../../lib/adapters/destinations/destination-config.ts';
import { withLanes } from '../../lib/adapters/destinations/lanes.ts';
import { oweAlso } from '../../lib/flow/deliver/owe-again.ts';
import { backfillDelivery } from '../../lib/store/deliveries/new-deliveries.ts';
import { redriveDelivery } from '../../lib/store/deliveries/redrive.ts';
import { markOwing } from '../../lib/store/incidents/incidents.ts';
import { pinService } from '../../lib/store/mappings/mappings.ts';
import { fiveEvents, pinnedService } from '../flow/deliver/five-events.ts';
import { createFixture, type Fixture, hook, hour, letTimePass, minutes } from '../flow/deliver/fixture.ts';
import { leftovers, watchInvariants } from '../flow/deliver/invariants.ts';
import {
  fine,
  resetAfterwards,
  resetUnread,
  startUnrulyReceiver,
  status,
  type UnrulyReceiver,
} from '../flow/deliver/unruly-receiver.ts';
import type { TestBridge } from '../support/bridge.ts';
import { type WebhookBody, webhookBody } from '../support/webhooks.ts';

let datadog: UnrulyReceiver;
let fixture: Fixture;
let watch: { found: string[] };
const incident = 'Q0123456789ABC';
const at = (n: number) => new Date(Date.UTC(2026, 2, 2, 10, n)).toISOString();

beforeEach(async () => {
  [datadog, fixture] = await Promise.all([startUnrulyReceiver(), createFixture()]);
  watch = watchInvariants(fixture);
});
afterEach(async () => {
  expect(watch.found).toEqual([]);
  await datadog.close();
});

const dd = (more: Record<string, unknown> = {}): DestinationConfig => ({
  name: 'dd',
  type: 'datadog',
  base_url: datadog.url,
  api_key: 'env:DD',
  timeout_seconds: 0.5,
  ...more,
});
const withDelete = () => dd({ application_key: 'env:DD_APP' });
const nothingLeft = () => leftovers(fixture).length === 0;
const settled = (bridge: TestBridge) =>
  letTimePass(bridge, fixture.clock, { total: 3 * hour, step: minutes(2), enough: nothingLeft });

/** What Datadog was told, in short: `start..end` as minutes after ten, or `delete`. */
const told = () =>
  datadog.arrivals.map(({ method, body }) => {
    if (method === 'DELETE') return 'delete';
    const { started_at, finished_at } = JSON.parse(body).data.attributes;
    const minute = (nanoseconds: number | undefined) =>
      nanoseconds === undefined ? '' : (nanoseconds / 1e6 - Date.parse(at(0))) / 60_000;
    return `${minute(started_at)}..${minute(finished_at)}`;
  });
const outcomes = () => fixture.deliveries('dd').map((row) => row['reason'] ?? row['status']);
const attributes = () =>
  datadog.arrivals
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body).data.attributes);

function event(type: string, minute: number, state: string, data: Record<string, unknown> = {}): WebhookBody {
  return webhookBody(type, {
    id: `${type}-${minute}`,
    at: at(minute),
    data: { id: incident, created_at: at(0), status: state, service: pinnedService, ...data },
  });
}
const triggered = () => event('incident.triggered', 0, 'triggered');
const acknowledged = () => event('incident.acknowledged', 2, 'acknowledged');
const resolved = (minute = 7) => event('incident.resolved', minute, 'resolved');
const reopened = () => event('incident.reopened', 9, 'triggered', { reopened_at: at(9) });
const merged = () =>
  event('incident.resolved', 7, 'resolved', {
    resolve_reason: {
      type: 'merge_resolve_reason',
      incident: { id: 'QOTHER', type: 'incident_reference' },
    },
  });
const movedTo = (service: string) =>
  event('incident.service_updated', 4, 'triggered', {
    service: { ...pinnedService, id: service, summary: service },
  });

describe('Datadog', () => {
  it('gets a picture when it has changed; events that change nothing are skipped as unchanged', async () => {
    const bridge = fixture.bridge([dd()]);
    for (const body of [triggered(), acknowledged(), resolved()]) await bridge.deliver(body);
    expect(told()).toEqual(['0..', '0..7']);
    expect(outcomes()).toEqual(['delivered', 'unchanged', 'delivered']);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('gets only the newest picture after an outage; the older ones are superseded', async () => {
    const bridge = fixture.bridge([dd()]);
    datadog.next(resetUnread);
    for (const body of fiveEvents(incident)) await bridge.deliver(body);
    await settled(bridge);
    expect(told().at(-1)).toBe('0..4');
    expect(outcomes()).toEqual(['superseded', 'superseded', 'superseded', 'superseded', 'delivered']);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('is told of a reopening: the end is withdrawn, and comes again', async () => {
    const bridge = fixture.bridge([withDelete()]);
    for (const body of [triggered(), resolved(), reopened(), resolved(12)]) await bridge.deliver(body);
    expect(told()).toEqual(['0..', '0..7', 'delete', '0..', '0..12']);
    expect(new Set(attributes().map(({ id }) => id))).toEqual(new Set([`pagerduty:${incident}`]));
    expect(leftovers(fixture)).toEqual([]);
  });

  it.each<[string, () => DestinationConfig, string[]]>([
    ['deleted with an application key', withDelete, ['0..', 'delete']],
    ['ended and tagged without', dd, ['0..', '0..7']],
  ])('has a merged incident %s', async (_, config, expected) => {
    const bridge = fixture.bridge([config()]);
    for (const body of [triggered(), merged()]) await bridge.deliver(body);
    expect(told()).toEqual(expected);
    if (!expected.includes('delete'))
      expect(attributes().at(-1)?.custom_tags).toEqual(['merged_into:QOTHER']);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('never hears of an incident that was merged before it was sent', async () => {
    const bridge = fixture.bridge([withDelete()]);
    datadog.next(resetUnread);
    for (const body of [merged()]) await bridge.deliver(body);
    await settled(bridge);
    expect(told()).toEqual([]);
    expect(outcomes()).toEqual(['merged_before_sent']);
  });

  it.each<[string, (config: Record<string, unknown>) => DestinationConfig, string[], string[][]]>([
    ['keeps the identity it was told first', dd, ['0..', '0..7'], [['checkout-api'], ['checkout-api']]],
    [
      'has the failure deleted and sent anew with an application key',
      withDelete,
      ['0..', 'delete', '0..', '0..7'],
      [['checkout-api'], ['search'], ['search']],
    ],
  ])('of an incident that moves to another service %s', async (_, config, expected, services) => {
    await pinService(fixture.store, 'PSEARCH', { services: ['search'] });
    const bridge = fixture.bridge([config({})]);
    for (const body of [triggered(), movedTo('PSEARCH')]) await bridge.deliver(body);
    const end = resolved();
    end.event.data['service'] = { ...pinnedService, id: 'PSEARCH', summary: 'PSEARCH' };
    await bridge.deliver(end);
    expect(told()).toEqual(expected);
    expect(attributes().map((each) => each.services)).toEqual(services);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('keeps the identity of an attempt whose fate is unknown, though the incident has moved since', async () => {
    await pinService(fixture.store, 'PSEARCH', { services: ['search'] });
    const bridge = fixture.bridge([dd()]);
    datadog.next(resetAfterwards);
    await bridge.deliver(triggered());
    await bridge.deliver(movedTo('PSEARCH'));
    await settled(bridge);
    expect(new Set(attributes().map((each) => each.services.join()))).toEqual(new Set(['checkout-api']));
    expect(leftovers(fixture)).toEqual([]);
  });

  it('is not told an old picture by a redrive when a newer event is there', async () => {
    const bridge = fixture.bridge([dd()]);
    datadog.next(status(400), fine);
    for (const body of [triggered(), resolved()]) await bridge.deliver(body);
    expect(outcomes()).toEqual(['dead', 'delivered']);
    await markOwing(fixture.store, incident);
    const key = { incidentId: incident, destination: 'dd', sequence: 1 };
    await redriveDelivery(fixture.store, key, fixture.clock.now());
    await settled(bridge);
    expect(outcomes()).toEqual(['superseded', 'delivered']);
    expect(told()).toEqual(['0..', '0..7']);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('is told the newest picture once when everything that was dead is redriven', async () => {
    const bridge = fixture.bridge([dd()]);
    datadog.next(status(400), status(400), status(400));
    for (const body of [triggered(), acknowledged(), resolved()]) await bridge.deliver(body);
    expect(outcomes()).toEqual(['dead', 'dead', 'dead']);
    await markOwing(fixture.store, incident);
    for (const sequence of [1, 2, 3]) {
      await redriveDelivery(
        fixture.store,
        { incidentId: incident, destination: 'dd', sequence },
        fixture.clock.now(),
      );
    }
    await settled(bridge);
    expect(outcomes()).toEqual(['superseded', 'superseded', 'delivered']);
    expect(told()).toEqual(['0..', '0..', '0..7', '0..7']);
    expect(leftovers(fixture)).toEqual([]);
  });

  it('is not told history after the present, though its history is written event by event', async () => {
    const other = await startUnrulyReceiver();
    const before = fixture.bridge([hook('other', other)]);
    for (const body of [triggered(), acknowledged()]) await before.deliver(body);
    const bridge = fixture.bridge([hook('other', other), dd()]);
    await bridge.deliver(resolved());
    await markOwing(fixture.store, incident);
    const key = { incidentId: incident, destination: 'dd', sequence: 1 };
    const frozen = { eventId: 'incident.triggered-0', eventType: 'incident.triggered' };
    await backfillDelivery(fixture.store, key, frozen, fixture.clock.now());
    await settled(bridge);
    expect(told()).toEqual(['0..7']);
    expect(outcomes()).toEqual(['superseded', 'delivered']);
    await other.close();
  });

  it.each([404, 410])(
    'ends in minutes what it takes no more (%i), with the reason on each, one warning, and no other delivery held up',
    async (gone) => {
      const other = await startUnrulyReceiver();
      const bridge = fixture.bridge([dd(), hook('other', other)]);
      await bridge.deliver(triggered());
      datadog.always(() => status(gone));
      const began = fixture.clock.now();
      for (const body of [resolved(), reopened(), resolved(12)]) await bridge.deliver(body);
      await settled(bridge);
      expect(fixture.clock.now() - began).toBeLessThan(minutes(10));
      expect(
        fixture.deliveries('dd').map(({ status, reason, attempts }) => [status, reason, attempts]),
      ).toEqual([
        ['delivered', undefined, 1],
        ...Array(3).fill(['dead', 'retired: Datadog takes no failures any more', 1]),
      ]);
      expect(fixture.deliveries('other').every((row) => row['status'] === 'delivered')).toBe(true);
      const remedy = expect.stringContaining('31 December 2026');
      expect(
        bridge.deps.telemetry.lines.filter(({ message }) => message === 'destination takes no more of this'),
      ).toEqual([
        {
          level: 'warn',
          message: expect.anything(),
          fields: expect.objectContaining({ destination: 'dd', remedy }),
        },
      ]);
      await other.close();
    },
  );

  it('tells of an incident in two lanes, of which neither waits for the other nor ends with it', async () => {
    fixture.clock.advance(Date.parse(at(8)) - fixture.clock.now());
    const bridge = fixture.bridge(withLanes([dd({ report: ['failures', 'events'] })]));
    datadog.always(({ path }) => (path === '/api/v1/events' ? fine : status(410)));
    for (const body of [triggered(), acknowledged(), resolved()]) await bridge.deliver(body);
    expect(fixture.deliveries('dd').every((row) => row['status'] === 'dead')).toBe(true);
    expect(fixture.deliveries('dd.events').map((row) => row['status'])).toEqual(Array(3).fill('delivered'));
    const events = datadog.arrivals
      .filter(({ path }) => path === '/api/v1/events')
      .map(({ body }) => JSON.parse(body));
    expect(events.map(({ alert_type }) => alert_type)).toEqual(['error', 'error', 'success']);
    expect(new Set(events.map(({ aggregation_key }) => aggregation_key))).toEqual(
      new Set([`pagerduty:${incident}`]),
    );
    expect(leftovers(fixture)).toEqual([]);
  });

  it('gets no event of what is history by now', async () => {
    const other = await startUnrulyReceiver();
    const before = fixture.bridge([hook('other', other)]);
    for (const body of [triggered(), resolved()]) await before.deliver(body);
    fixture.clock.advance(10 * 24 * hour);
    const bridge = fixture.bridge([hook('other', other), ...withLanes([dd({ report: ['events'] })])]);
    for (const sequence of [1, 2])
      await oweAlso(bridge.deps, { incidentId: incident, destination: 'dd.events', sequence });
    await settled(bridge);
    expect(fixture.deliveries('dd.events').map((row) => row['reason'])).toEqual(['superseded', 'too_old']);
    expect(datadog.arrivals).toEqual([]);
    await other.close();
  });

  it('sends the key it needs and no more', async () => {
    const bridge = fixture.bridge([withDelete()]);
    for (const body of [triggered(), merged()]) await bridge.deliver(body);
    const keys = datadog.arrivals.map(({ headers }) => [
      headers['dd-api-key'],
      headers['dd-application-key'],
    ]);
    expect(keys).toEqual([
      ['datadog-key', undefined],
      ['datadog-key', 'datadog-app-key'],
    ]);
  });

  it('with a filter gets the pictures of the wanted events, also when others came in between', async () => {
    const bridge = fixture.bridge([dd({ events: ['incident.triggered', 'incident.resolved'] })]);
    datadog.next(resetUnread);
    for (const body of [triggered(), acknowledged()]) await bridge.deliver(body);
    await settled(bridge);
    await bridge.deliver(resolved());
    expect(told()).toEqual(['0..', '0..', '0..7']);
    expect(outcomes()).toEqual(['delivered', 'filtered', 'delivered']);
    expect(leftovers(fixture)).toEqual([]);
  });
});
