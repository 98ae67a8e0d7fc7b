import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Match, RuleName } from '../../lib/domain/matching/match.ts';
import { eventually } from '../local/bridge-process.ts';
import { webhookBody } from '../support/webhooks.ts';
import { type RunningBridge, runBridge } from './running-bridge.ts';

const definitions = join(process.cwd(), 'test/fixtures/catalog/valid');

interface Case {
  what: string;
  id: string;
  host?: string;
  name: string;
  teams?: string[];
  rule: RuleName;
  services?: string[];
  team: string;
  datadogTeam?: string;
  explanation: string;
}

const acme = 'acme.pagerduty.com';

/** One service of each format, found by its URL, and one webhook for each of the other rules. */
const cases: Case[] = [
  {
    what: 'Datadog v1, by URL',
    id: 'PV1CHEK',
    name: 'Basket and payment',
    rule: 'service_url',
    services: ['checkout-api'],
    team: 'payments',
    explanation:
      'PagerDuty service acme.pagerduty.com/services/PV1CHEK is configured on catalog service "checkout-api", which belongs to team "payments".',
  },
  {
    what: 'Datadog v2, by a URL without scheme and with a slash at its end',
    id: 'PV2INVO',
    name: 'Invoices',
    rule: 'service_url',
    services: ['invoice-writer'],
    team: 'Billing',
    datadogTeam: 'billing-handle',
    explanation:
      'PagerDuty service acme.pagerduty.com/services/PV2INVO is configured on catalog service "invoice-writer", which belongs to team "Billing".',
  },
  {
    what: 'Datadog v2.1, by URL',
    id: 'PV21SRC',
    name: 'Indexer',
    rule: 'service_url',
    services: ['search-indexer'],
    team: 'discovery',
    explanation:
      'PagerDuty service acme.pagerduty.com/services/PV21SRC is configured on catalog service "search-indexer", which belongs to team "discovery".',
  },
  {
    what: 'Datadog v2.2, by a URL of an EU account',
    id: 'PV22SES',
    host: 'acme.eu.pagerduty.com',
    name: 'Sessions',
    rule: 'service_url',
    services: ['session-store'],
    team: 'identity',
    explanation:
      'PagerDuty service acme.eu.pagerduty.com/services/PV22SES is configured on catalog service "session-store", which belongs to team "identity".',
  },
  {
    what: 'Datadog v3, by URL',
    id: 'PV3PARC',
    name: 'Parcels',
    rule: 'service_url',
    services: ['parcel-tracker'],
    team: 'logistics',
    explanation:
      'PagerDuty service acme.pagerduty.com/services/PV3PARC is configured on catalog service "parcel-tracker", which belongs to team "logistics".',
  },
  {
    what: 'Datadog v3 in JSON, by URL',
    id: 'PV3RATE',
    name: 'Limits',
    rule: 'service_url',
    services: ['rate-limiter'],
    team: 'edge',
    explanation:
      'PagerDuty service acme.pagerduty.com/services/PV3RATE is configured on catalog service "rate-limiter", which belongs to team "edge".',
  },
  {
    what: 'Backstage, by service id',
    id: 'PBSCATA',
    name: 'Frontend',
    rule: 'service_url',
    services: ['catalogue-frontend'],
    team: 'storefront',
    explanation:
      'PagerDuty service acme.pagerduty.com/services/PBSCATA is configured on catalog service "catalogue-frontend", which belongs to team "storefront".',
  },
  {
    what: 'a service name that differs in case and spacing',
    id: 'PNAMED1',
    name: ' Parcels-API ',
    rule: 'service_name',
    services: ['parcels-api'],
    team: 'logistics',
    explanation:
      'The PagerDuty service name " Parcels-API " is the name of catalog service "parcels-api", which belongs to team "logistics".',
  },
  {
    what: 'the second PagerDuty team, by the display name of a Backstage group',
    id: 'PTEAMED',
    name: 'Nobody knows it',
    teams: ['Nobody', 'Storefront Engineering'],
    rule: 'team_name',
    team: 'storefront',
    explanation: 'The PagerDuty team name "Storefront Engineering" is the name of catalog team "storefront".',
  },
  {
    what: 'a service named after a team',
    id: 'PASTEAM',
    name: 'Identity',
    rule: 'service_name_as_team',
    team: 'identity',
    explanation: 'The PagerDuty service name "Identity" is the name of catalog team "identity".',
  },
];

const ruleOrder: RuleName[] = ['service_url', 'service_name', 'team_name', 'service_name_as_team'];

/** Sends one webhook for each case; incidents are named after their services. */
async function sendAll(bridge: RunningBridge, prefix: string): Promise<void> {
  await Promise.all(
    cases.map(async ({ id, host = acme, name, teams = [] }) => {
      const service = {
        id,
        type: 'service_reference',
        summary: name,
        html_url: `https://${host}/services/${id}`,
      };
      const body = webhookBody('incident.triggered', {
        at: '2026-03-02T10:00:00.000Z',
        data: {
          id: `${prefix}${id}`,
          service,
          teams: teams.map((team, index) => ({
            id: `PTEAM0${index}`,
            type: 'team_reference',
            summary: team,
          })),
        },
      });
      expect((await bridge.post(body)).status).toBe(202);
    }),
  );
}

async function expectAllToHaveArrived(bridge: RunningBridge, prefix: string): Promise<void> {
  for (const { what, id, rule, services, team, datadogTeam, explanation } of cases) {
    const [event] = await eventually(
      () => bridge.arrived(`${prefix}${id}`),
      (events) => events.length > 0,
    );
    expect({ what, services: event?.services, team: event?.team, match: event?.match }).toEqual({
      what,
      services,
      team,
      match: { rule, explanation, ...(datadogTeam && { datadog_team: datadogTeam }) },
    });
  }
}

describe('npm start with BRIDGE_CATALOG', () => {
  let bridge: RunningBridge;
  beforeAll(async () => {
    bridge = await runBridge({ BRIDGE_CATALOG: definitions });
    await sendAll(bridge, 'Q');
  });
  afterAll(() => bridge.stop());

  it('attributes incidents by definitions in each of the six formats and by each of the four rules', async () => {
    await expectAllToHaveArrived(bridge, 'Q');
  });

  it.each(cases)(
    'says on the mapping row why: $what',
    async ({ id, rule, services = [], team, explanation }) => {
      await eventually(
        () => bridge.arrived(`Q${id}`).length,
        (count) => count === 1,
      );
      const row = (await bridge.rows('mappings')).find((each) => each['pagerduty_service_id'] === id) ?? {};
      expect(row).toMatchObject({ rule, services, team, explanation, last_incident_id: `Q${id}` });
      const trace = row['trace'] as Match['trace'];
      expect(trace.map((verdict) => verdict.rule)).toEqual(ruleOrder);
      const deciding = ruleOrder.indexOf(rule);
      for (const [index, verdict] of trace.entries()) {
        expect(verdict.decided).toBe(index === deciding);
        expect(verdict.reason).toMatch(/^[A-Z].*\.$/);
        expect(verdict.reason.startsWith('Not needed')).toBe(index > deciding);
      }
    },
  );

  it.each(cases)(
    'explains it on the command line as the bridge decided it: $what',
    async ({ id, host = acme }) => {
      await eventually(
        () => bridge.arrived(`Q${id}`).length,
        (count) => count === 1,
      );
      const row = (await bridge.rows('mappings')).find((each) => each['pagerduty_service_id'] === id) ?? {};
      const { rule, services, team, explanation, trace } = row;
      for (const which of [
        ['--service-id', id],
        ['--service-url', `https://${host}/service-directory/${id}`],
      ]) {
        const { code, json } = await bridge.pdbridge('explain', ...which, '--json');
        expect(code).toBe(0);
        expect(json()).toMatchObject({ match: { rule, services, team, explanation, trace } });
      }
      const { out } = await bridge.pdbridge('explain', '--service-id', id);
      expect(out).toContain(String(explanation));
    },
  );
});

describe('npm start with an empty catalog', () => {
  let bridge: RunningBridge;
  beforeAll(async () => {
    bridge = await runBridge();
  });
  afterAll(() => bridge.stop());

  it('holds what it does not know until each format has been pushed as a source of its own', async () => {
    await sendAll(bridge, 'R');
    await eventually(
      () => bridge.rows('incidents'),
      (rows) => rows.length === cases.length && rows.every((row) => row['forwarding'] === 'held'),
    );
    const files = readdirSync(definitions, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$/.test(name),
    );
    expect(files).toHaveLength(7);
    for (const file of files) {
      const source = file.replaceAll('/', '-');
      const { code, out } = await bridge.pdbridge(
        'catalog',
        'push',
        join(definitions, file),
        '--source',
        source,
      );
      expect([out, code]).toEqual([expect.stringContaining('Pushed'), 0]);
    }
    await expectAllToHaveArrived(bridge, 'R');
    const { out } = await bridge.pdbridge('mappings', 'ls', '--unmatched');
    expect(out).toContain('0 services');
  });
});
