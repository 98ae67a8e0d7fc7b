import { parseBridgeConfig } from '../../../lib/adapters/config/parse-bridge-config.ts';
import { createDestinations } from '../../../lib/adapters/destinations/create-destinations.ts';
import { createNodeHttp } from '../../../lib/adapters/outgoing-http/node-http.ts';
import { withContent } from '../../../lib/domain/destination/content.ts';
import type { Destination, Memory } from '../../../lib/domain/destination/destination.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { type LocalServer, startServer } from '../outgoing-http/local-server.ts';
import { finished } from './deployment-events.ts';
import { expectGolden } from './golden.ts';
import {
  acknowledged,
  annotated,
  changed,
  merged,
  reported,
  resolved,
  samples,
  sparse,
  triggered,
  withdrawn,
} from './incident-events.ts';

const hour = 3_600_000;

/** The lanes of one destination as it is configured, by their names. */
function lanesOf(more: string): Record<string, Destination> {
  const { config, faults } = parseBridgeConfig(
    `destinations: [{ name: dd, type: datadog, api_key: "env:API", application_key: "env:APP", ${more} }]`,
  );
  if (!config) throw new Error(JSON.stringify(faults));
  const lanes = createDestinations(config, {
    http: createNodeHttp({ allowLoopback: true }),
    secrets: { read: async (reference) => [reference === 'env:API' ? 'CANARYAPIKEY' : 'CANARYAPPKEY'] },
    clock: { now: Date.now },
    print: () => undefined,
    aws: {} as never,
  });
  return Object.fromEntries(lanes.map((lane) => [lane.name, lane]));
}

function eventsLane(more = ''): Destination {
  const lane = lanesOf(`report: [events], tags: ["sent_by:pdbridge"], ${more}`)['dd.events'];
  if (!lane) throw new Error('no lane');
  return lane;
}

const lane = eventsLane();
const parsed = (text = '') => JSON.parse(text);

function rendered(event: IncidentEvent, memory?: Memory) {
  const rendering = lane.render(event, memory);
  if ('skip' in rendering) throw new Error(`skipped: ${rendering.skip}`);
  const payload = rendering.payload as unknown as { fresh: { body: string }; late: { body: string } };
  return { rendering, fresh: parsed(payload.fresh.body), late: parsed(payload.late.body) };
}

/** What is remembered once these were accepted. */
const after = (...events: IncidentEvent[]) =>
  events.reduce<Memory | undefined>((memory, event) => {
    const rendering = lane.render(event, memory);
    return 'skip' in rendering ? memory : rendering.memoryAfter;
  }, undefined);

describe('the lanes of a Datadog destination', () => {
  it.each<[string, Record<string, { incidents: boolean; deployments: boolean }>]>([
    ['', { dd: { incidents: true, deployments: false } }],
    ['report: [failures]', { dd: { incidents: true, deployments: false } }],
    [
      'report: [failures, events]',
      {
        dd: { incidents: true, deployments: false },
        'dd.events': { incidents: true, deployments: false },
      },
    ],
    [
      'report: [events, deployments]',
      {
        dd: { incidents: false, deployments: true },
        'dd.events': { incidents: true, deployments: false },
      },
    ],
    [
      'report: [events], events: [incident.triggered, deployment.finished]',
      {
        dd: { incidents: false, deployments: true },
        'dd.events': { incidents: true, deployments: false },
      },
    ],
  ])('with %s take each what they tell', (more, expected) => {
    const lanes = lanesOf(more);
    expect(Object.fromEntries(Object.entries(lanes).map(([name, { takes }]) => [name, takes]))).toEqual(
      expected,
    );
  });

  it('leave to each other what the other tells', () => {
    const { dd, 'dd.events': events } = lanesOf('report: [events, deployments]');
    expect(dd?.render(triggered, undefined)).toEqual({ skip: 'filtered' });
    expect(events?.render(finished, undefined)).toEqual({ skip: 'filtered' });
  });

  it('are named in the configuration once', () => {
    const text = 'destinations: [{ name: dd, type: datadog, api_key: "env:A", report: [failures, events] }]';
    const { warnings = [] } = parseBridgeConfig(text);
    expect(new Set(warnings.map(({ message }) => message)).size).toBe(warnings.length);
  });
});

describe('an incident among Datadog’s events', () => {
  it.each(Object.entries(samples))('never changes a byte of %s', (name, event) => {
    const isFirst = ['triggered', 'sparse', 'reported'].includes(name);
    const before = name === 'withdrawn' ? reported : triggered;
    const rendering = lane.render(event, isFirst ? undefined : after(before));
    expectGolden(`datadog_events.${name}`, `${JSON.stringify(rendering, null, 2)}\n`);
  });

  it('says what there is to see, when it was, and to which incident it belongs', () => {
    const { fresh } = rendered(resolved, after(triggered));
    expect(fresh).toMatchObject({
      title: expect.stringContaining('[resolved] Checkout'),
      alert_type: 'success',
      aggregation_key: 'pagerduty:Q2CKYRLH85UNN4',
      date_happened: Math.floor(Date.parse(resolved.occurred_at) / 1000),
      text: expect.stringContaining('Time to restore: 32 min 25 s'),
      tags: expect.arrayContaining(['sent_by:pdbridge', 'service:checkout-api', 'team:payments', 'env:prod']),
    });
  });

  it.each<[string, IncidentEvent, string, string]>([
    ['open', triggered, '[triggered]', 'error'],
    ['acknowledged', acknowledged, '[acknowledged]', 'error'],
    ['over', resolved, '[resolved]', 'success'],
    ['another one by now', merged, '[merged]', 'info'],
    ['taken back', withdrawn, '[withdrawn]', 'info'],
  ])('that is %s', (_, event, title, alertType) => {
    const { fresh } = rendered(event, { sent: 'something else' });
    expect([fresh.title.startsWith(title), fresh.alert_type]).toEqual([true, alertType]);
  });

  it.each<[string, IncidentEvent, Memory | undefined, string]>([
    ['nothing has changed', annotated, after(acknowledged), 'unchanged'],
    ['it was merged before it was told', merged, undefined, 'merged_before_sent'],
    ['it was taken back before it was told', withdrawn, undefined, 'withdrawn_before_sent'],
  ])('is not told where %s', (_, event, memory, skip) => {
    expect(lane.render(event, memory)).toEqual({ skip });
  });

  it('has one key of at most 100 characters, whoever reported it', () => {
    const long = changed(reported, { incident: { id: `dora:${'x'.repeat(200)}` } });
    const keys = [triggered, resolved, reported, long].map(
      (event) => rendered(event, { sent: '' }).fresh.aggregation_key as string,
    );
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
    expect(keys.every((key) => key.length <= 100)).toBe(true);
  });

  it.each<[string, IncidentEvent]>([
    ['with a very long name', changed(triggered, { name: `a${'🔥'.repeat(3000)}` })],
    ['without a name', withContent(triggered, 'minimal') as IncidentEvent],
    ['of which next to nothing is known', sparse],
  ])('keeps to Datadog’s bounds %s', (_, event) => {
    const { fresh, late } = rendered(event, undefined);
    for (const body of [fresh, late]) {
      expect(body.title.length).toBeGreaterThan(10);
      expect(body.title.length).toBeLessThanOrEqual(100);
      expect(body.text.length).toBeLessThanOrEqual(4000);
      expect(body.tags.every((tag: string) => tag.length <= 200)).toBe(true);
      expect(JSON.stringify(body)).toBe(JSON.stringify(body).toWellFormed());
    }
  });
});

describe('sending to Datadog’s Events API', () => {
  let server: LocalServer;
  beforeEach(async () => {
    server = await startServer((answer) => answer.writeHead(202).end('{"status":"ok"}'));
  });
  afterEach(() => server.stop());

  it.each<[string, number, 'dated' | 'undated' | 'too_old']>([
    ['at once', 0, 'dated'],
    ['before it happened, by this clock', -hour, 'dated'],
    ['after 17 hours', 17 * hour, 'dated'],
    ['a second later', 17 * hour + 1000, 'undated'],
    ['after a week’s outage', 7 * 24 * hour, 'undated'],
    ['after 9 days', 9 * 24 * hour, 'too_old'],
  ])('an event that goes out %s', async (_, laterMs, expected) => {
    const destination = eventsLane(`base_url: "${server.url}"`);
    const rendering = destination.render(triggered, undefined);
    if ('skip' in rendering) throw new Error(rendering.skip);
    const result = await destination.send(rendering.payload, Date.parse(triggered.occurred_at) + laterMs);
    if (expected === 'too_old') {
      expect([result, server.received]).toEqual([{ outcome: 'skipped', reason: 'too_old' }, []]);
      return;
    }
    expect(result).toEqual({ outcome: 'delivered', statusCode: 202 });
    const [request] = server.received;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/api/v1/events',
      headers: { 'dd-api-key': 'CANARYAPIKEY' },
    });
    expect(request?.headers).not.toHaveProperty('dd-application-key');
    const body = parsed(request?.body);
    expect('date_happened' in body).toBe(expected === 'dated');
    const truth = triggered.occurred_at;
    expect([body.text.includes(truth), body.tags.includes(`occurred_at:${truth}`)]).toEqual([
      true,
      expected !== 'dated',
    ]);
  });
});
