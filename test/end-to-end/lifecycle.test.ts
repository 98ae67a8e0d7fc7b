import { join } from 'node:path';
import type { IncidentEvent } from '../../lib/domain/incident/incident-event.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import { eventually } from '../local/bridge-process.ts';
import { generateHistory } from '../support/histories.ts';
import { type Rng, seededRng } from '../support/rng.ts';
import { loggedEvent, sampleEvent, sampleTypes, type WebhookBody, webhookBody } from '../support/webhooks.ts';
import { type RunningBridge, runBridge } from './running-bridge.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  // The services of generated histories are covered by names: PagerDuty's service or team is in the catalog.
  bridge = await runBridge({ BRIDGE_CATALOG: join(process.cwd(), 'test/end-to-end/lifecycle-catalog.yaml') });
});
afterAll(() => bridge.stop());

const settled = (incidentId: string, count: number) =>
  eventually(
    async () => [bridge.arrived(incidentId).length, (await bridge.row(incidentId))['forwarding']],
    ([arrived, forwarding]) => Number(arrived) >= count && forwarding === 'settled',
    30_000,
  );

function shuffled<T>(rng: Rng, list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, place: rng() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

describe('one history in ten random orders, with duplicates', () => {
  const original = 'QHISTORY00000X';
  const history = generateHistory(seededRng(41), { incidentId: original, events: 18 });
  const orders = Array.from({ length: 10 }, (_, index) => index);
  const idOf = (order: number) => `QHISTORY00000${order}`;
  /** Only the incident's id differs. */
  const told = (order: number): WebhookBody[] =>
    history.bodies.map((body) => JSON.parse(JSON.stringify(body).replaceAll(original, idOf(order))));

  beforeAll(async () => {
    await Promise.all(
      orders.map(async (order) => {
        const rng = seededRng(order);
        const bodies = order === 0 ? told(order) : shuffled(rng, told(order));
        for (const body of bodies) {
          const copies = 1 + Math.floor(rng() * 3);
          const answers = await Promise.all(Array.from({ length: copies }, () => bridge.post(body)));
          const statuses = answers.map((answer) => answer.body['status']).sort();
          expect(statuses).toEqual(['accepted', ...Array.from({ length: copies - 1 }, () => 'duplicate')]);
        }
      }),
    );
    for (const order of orders) await settled(idOf(order), history.bodies.length);
  });

  /** What an order leaves behind beside the incident: how the work went, and which stays it was seen at. */
  const workings = ['epoch', 'wakes', 'fold', 'matches', 'frozen_through', 'expires_at'];
  async function row(order: number): Promise<Row> {
    const found = JSON.parse(
      JSON.stringify(await bridge.row(idOf(order)), (_, value) =>
        value instanceof Set ? [...value] : value,
      ),
    );
    const fold = JSON.parse(found.fold);
    const facts = Object.entries({ ...found, state: fold }).filter(([name]) => !workings.includes(name));
    return JSON.parse(JSON.stringify(Object.fromEntries(facts)).replaceAll(idOf(order), original));
  }

  it('ends in the same incident row, which says what happened', async () => {
    const first = await row(0);
    const { service_id, ...truth } = history.truth;
    const said = Object.entries(truth).filter(([, value]) => value !== undefined);
    expect(first).toMatchObject({
      ...Object.fromEntries(said),
      pagerduty_service_id: service_id,
      event_count: history.bodies.length,
      last_sequence: history.bodies.length,
      forwarding: 'settled',
    });
    for (const order of orders) expect(await row(order)).toEqual(first);
  });

  it('reaches the destination once for each event, numbered from 1 to n', () => {
    for (const order of orders) {
      const arrived = bridge.arrived(idOf(order));
      expect(arrived.map(({ sequence }) => sequence)).toEqual(history.bodies.map((_, index) => index + 1));
      expect(arrived.map(({ id }) => id).sort()).toEqual(history.bodies.map(({ event }) => event.id).sort());
    }
  });

  it('is marked late only where an event came after later ones', () => {
    const keys = new Map(history.bodies.map((body) => [body.event.id, loggedEvent(body).logKey]));
    const place = ({ id }: IncidentEvent) => keys.get(id) ?? '';
    let late = 0;
    for (const order of orders) {
      const arrived = bridge.arrived(idOf(order));
      for (const [index, event] of arrived.entries()) {
        const overtaken = arrived.slice(0, index).some((before) => place(before) > place(event));
        expect([event.id, event.late ?? false]).toEqual([event.id, overtaken]);
        if (overtaken) late += 1;
      }
    }
    expect(bridge.arrived(idOf(0)).some((event) => event.late)).toBe(false);
    expect(late).toBeGreaterThan(20);
  });

  it('ends, for a receiver that keeps the last state it saw, in the same picture', () => {
    const last = orders.map((order) => {
      // What belongs to the event and not to the incident is another in each order.
      const { id, sequence, type, occurred_at, late, match, what, by, detail, ...picture } =
        bridge.arrived(idOf(order)).at(-1) ?? {};
      return JSON.stringify(picture).replaceAll(idOf(order), original);
    });
    expect(new Set(last).size).toBe(1);
  });

  it('leaves rows that the log agrees with', async () => {
    const { code, out } = await bridge.pdbridge('incidents', 'rebuild', '--check');
    expect([code, out]).toEqual([0, expect.any(String)]);
  });
});

describe('an incident that is reopened after 36 quiet hours', () => {
  const minutes = (count: number) => new Date(Date.UTC(2026, 2, 2, 10, count)).toISOString();
  const quiet = 36 * 60;
  const story: [string, string, number][] = [
    ['incident.triggered', 'triggered', 0],
    ['incident.acknowledged', 'acknowledged', 1],
    ['incident.resolved', 'resolved', 5],
    ['incident.reopened', 'triggered', quiet],
    ['incident.resolved', 'resolved', quiet + 4],
  ];

  it('was down for minutes, and says so everywhere', async () => {
    for (const [type, status, at] of story) {
      const reopened_at = at >= quiet ? minutes(quiet) : null;
      const data = { id: 'QQUIET', status, created_at: minutes(0), reopened_at };
      expect((await bridge.post(webhookBody(type, { at: minutes(at), data }))).status).toBe(202);
    }
    await settled('QQUIET', story.length);
    expect(await bridge.row('QQUIET')).toMatchObject({
      status: 'resolved',
      reopen_count: 1,
      time_to_restore_seconds: 9 * 60,
      time_to_acknowledge_seconds: 60,
      started_at: minutes(0),
      finished_at: minutes(quiet + 4),
    });
    const restored = bridge.arrived('QQUIET').map(({ incident }) => incident.time_to_restore_seconds);
    expect(restored).toEqual([undefined, undefined, 300, undefined, 540]);
    const { out } = await bridge.pdbridge('incidents', 'show', 'QQUIET');
    expect(out).toMatch(/restored in\s+540 s/);
  });
});

describe('every event type of PagerDuty', () => {
  const service = (type: string) => type.startsWith('service.');
  const incidentTypes = sampleTypes.filter((type) => type.startsWith('incident.'));

  it('is taken; those of incidents come out, those of services keep the mappings', async () => {
    const samples = sampleTypes.map((type) => ({ type, body: sampleEvent(type) }));
    for (const { body } of samples) expect((await bridge.post(body)).status).toBe(202);
    const ids = new Set(
      samples
        .filter(({ type }) => incidentTypes.includes(type))
        .map(({ body }) => loggedEvent(body).incidentId),
    );
    const arrived = await eventually(
      () => [...ids].flatMap((id) => bridge.arrived(id)).map(({ type }) => type),
      (types) => types.length >= incidentTypes.length,
    );
    expect(arrived.sort()).toEqual(incidentTypes);
    const services = samples
      .filter(({ type }) => service(type))
      .map(({ body }) => loggedEvent(body).incidentId);
    for (const id of services) expect(id).toMatch(/^service:/);
    const mappings = await eventually(
      () => bridge.rows('mappings'),
      (rows) => rows.some((row) => row['deleted'] === true),
    );
    expect(mappings.map((row) => `service:${row['pagerduty_service_id']}`)).toEqual(
      expect.arrayContaining(services),
    );
  });
});
