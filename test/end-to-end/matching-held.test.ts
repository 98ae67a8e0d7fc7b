import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { eventually } from '../local/bridge-process.ts';
import { webhookBody } from '../support/webhooks.ts';
import { type RunningBridge, runBridge } from './running-bridge.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await runBridge();
});
afterAll(() => bridge.stop());

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 10, minutes)).toISOString();
const named = (id: string) => `Service ${id}`;

const history = [
  ['incident.triggered', 'triggered', 0],
  ['incident.acknowledged', 'acknowledged', 2],
  ['incident.resolved', 'resolved', 7],
] as const;

/** Triggered, acknowledged and resolved at a service the catalog does not know. */
async function play(incidentId: string, id: string): Promise<void> {
  const html_url = `https://acme.pagerduty.com/services/${id}`;
  const service = { id, type: 'service_reference', summary: named(id), html_url };
  for (const [type, status, minutes] of history) {
    const data = { id: incidentId, created_at: at(0), status, service, teams: [] };
    expect((await bridge.post(webhookBody(type, { at: at(minutes), data }))).status).toBe(202);
  }
}

/** As the DynamoDB console writes it. */
async function type(
  id: string,
  values: Record<string, { L: { S: string }[] } | { SS: string[] } | { S: string }>,
) {
  const names = Object.keys(values);
  await bridge.store.db.send(
    new UpdateItemCommand({
      TableName: bridge.store.table('mappings'),
      Key: { pagerduty_service_id: { S: id } },
      UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, values[name] as never])),
    }),
  );
}

function definition(name: string, text: string): string {
  const file = join(bridge.folder, name);
  writeFileSync(file, text);
  return file;
}

async function push(file: string, source: string): Promise<void> {
  const { code, out } = await bridge.pdbridge('catalog', 'push', file, '--source', source);
  expect([out, code]).toEqual([expect.stringContaining('Pushed'), 0]);
}

interface Fix {
  what: string;
  id: string;
  fix(id: string): Promise<unknown>;
  expected: { services?: string[]; team?: string; rule: string };
}

const fixes: Fix[] = [
  {
    what: 'a push that names its URL',
    id: 'PPUSHED',
    fix: (id) =>
      push(
        definition(
          'pushed.yaml',
          `schema-version: v2.2\ndd-service: pushed-api\nteam: pushers\nintegrations:\n  pagerduty:\n    service-url: https://acme.pagerduty.com/service-directory/${id}\n`,
        ),
        'pushers',
      ),
    expected: { services: ['pushed-api'], team: 'pushers', rule: 'service_url' },
  },
  {
    what: 'a pin by command',
    id: 'PPINCMD',
    fix: async (id) => {
      const { code } = await bridge.pdbridge(
        'mappings',
        'pin',
        id,
        '--service',
        'pinned-api',
        '--team',
        'core',
        '--anyway',
      );
      expect(code).toBe(0);
    },
    expected: { services: ['pinned-api'], team: 'core', rule: 'pinned' },
  },
  {
    what: 'a list of services typed into the row',
    id: 'PPINLST',
    fix: (id) => type(id, { pinned_services: { L: [{ S: 'listed-api' }] } }),
    expected: { services: ['listed-api'], rule: 'pinned' },
  },
  {
    what: 'a string set of services typed into the row',
    id: 'PPINSET',
    fix: (id) => type(id, { pinned_services: { SS: ['set-b', 'set-a'] } }),
    expected: { services: ['set-a', 'set-b'], rule: 'pinned' },
  },
  {
    what: 'a team typed into the row',
    id: 'PPINTEA',
    fix: (id) => type(id, { pinned_team: { S: 'typed' } }),
    expected: { team: 'typed', rule: 'pinned' },
  },
  {
    what: 'a new name of the service in PagerDuty',
    id: 'PRENAME',
    fix: async (id) => {
      const html_url = `https://acme.pagerduty.com/services/${id}`;
      const data = { id, name: 'Renamed-API', summary: 'Renamed-API', html_url, teams: [] };
      expect((await bridge.post(webhookBody('service.updated', { at: at(30), data }))).status).toBe(202);
    },
    expected: { services: ['renamed-api'], team: 'namers', rule: 'service_name' },
  },
];

const incidentOf = (id: string) => `Q${id}`;

describe('an incident that matches nothing', () => {
  beforeAll(async () => {
    await push(
      definition('renamed.yaml', 'schema-version: v2.2\ndd-service: renamed-api\nteam: namers\n'),
      'namers',
    );
    await Promise.all([...fixes.map(({ id }) => id), 'PFOREVER'].map((id) => play(incidentOf(id), id)));
    await eventually(
      () => bridge.rows('incidents'),
      (rows) => rows.filter((row) => row['status'] === 'resolved').length === fixes.length + 1,
    );
  });

  it('is visible as held: on its row, its mapping and the command line, with no delivery', async () => {
    for (const { id } of fixes) {
      expect(bridge.arrived(incidentOf(id))).toEqual([]);
      expect(await bridge.row(incidentOf(id))).toMatchObject({
        forwarding: 'held',
        held_reason: 'unmatched',
        rule: 'none',
        status: 'resolved',
      });
    }
    expect(await bridge.rows('deliveries')).toEqual([]);
    const listed = (await bridge.pdbridge('incidents', 'ls', '--held', '--json')).json() as object[];
    expect(listed).toHaveLength(fixes.length + 1);
    const unmatched = (await bridge.pdbridge('mappings', 'ls', '--unmatched', '--json')).json() as object[];
    expect(unmatched).toHaveLength(fixes.length + 1);
    const { json } = await bridge.pdbridge('explain', '--service-id', 'PFOREVER', '--json');
    expect(json()).toMatchObject({
      match: {
        rule: 'none',
        explanation: `No rule found a catalog service or team for PagerDuty service "${named('PFOREVER')}" (PFOREVER).`,
      },
    });
  });

  it('goes out by itself, complete, in order and once, after whatever makes it match', async () => {
    for (const { id, fix } of fixes) await fix(id);
    for (const { what, id, expected } of fixes) {
      const events = await eventually(
        () => bridge.arrived(incidentOf(id)),
        (arrived) => arrived.length >= history.length,
      );
      expect([
        what,
        events.map((event) => [event.sequence, event.type, event.incident.status, event.late]),
      ]).toEqual([
        what,
        history.map(([eventType, status], index) => [index + 1, eventType, status, undefined]),
      ]);
      for (const event of events) {
        const { services, team, match } = event;
        expect({ services, team, rule: match.rule }).toEqual({
          services: undefined,
          team: undefined,
          ...expected,
        });
      }
    }
  });

  it('is not sent again by later sweeps, and what still matches nothing stays held', async () => {
    await eventually(
      () => bridge.rows('incidents'),
      (rows) => rows.filter((row) => row['forwarding'] === 'settled').length === fixes.length,
    );
    // Two more sweeps: one comes every second.
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    for (const { id } of fixes) expect(bridge.arrived(incidentOf(id))).toHaveLength(history.length);
    expect(bridge.arrived(incidentOf('PFOREVER'))).toEqual([]);
    const held = (await bridge.pdbridge('incidents', 'ls', '--held', '--json')).json() as object[];
    expect(held).toMatchObject([{ incident_id: incidentOf('PFOREVER') }]);
    const deliveries = await bridge.rows('deliveries');
    expect(deliveries).toHaveLength(fixes.length * history.length);
    for (const row of deliveries) expect(row).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  it('keeps the pins through everything the bridge writes to the rows', async () => {
    await play('QAGAIN', 'PPINSET');
    await eventually(
      () => bridge.arrived('QAGAIN').length,
      (count) => count === history.length,
    );
    const row = (await bridge.rows('mappings')).find((each) => each['pagerduty_service_id'] === 'PPINSET');
    expect(row).toMatchObject({
      pinned_services: new Set(['set-a', 'set-b']),
      rule: 'pinned',
      services: ['set-a', 'set-b'],
      explanation: 'A person pinned this PagerDuty service to services "set-a" and "set-b".',
    });
  });
});
