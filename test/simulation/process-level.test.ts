import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { type TableName, tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { type BridgeProcess, startBridge } from '../local/bridge-process.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { clockAhead, storeOf, untilAtRest } from '../local/until-at-rest.ts';
import { scan } from '../support/scan.ts';
import type { Definition } from './catalog-plan.ts';
import { createDice } from './dice.ts';
import { judge } from './oracle/oracle.ts';
import type { SentEvent } from './pagerduty/incident-picture.ts';
import { tellIncident } from './pagerduty/incident-story.ts';
import type { Attempt } from './pagerduty/subscription.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import { emptyLedger } from './rollouts/rollout-sender.ts';
import { drawScenario, minute, type Scenario, startMs } from './scenario.ts';
import { emptyTally } from './tally.ts';
import type { Row, Run } from './world.ts';

/** `npm run test:campaigns` and `test:long` take more; with PROCESS_KILLS and PROCESS_INCIDENTS any number. */
const kills = Number(process.env['PROCESS_KILLS'] ?? 1);
const incidents = Number(process.env['PROCESS_INCIDENTS'] ?? 6);
const seed = Number(process.env['PROCESS_SEED'] ?? Date.now() % 1_000_000);

const secret = 'signing-canary-process';
const outgoing = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A receiver of the simulation behind a real port. */
async function listen(receiver: Receiver): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
      const body = Buffer.concat(chunks).toString('utf8');
      const reaction = receiver.handle({ method: 'POST', url: '/', headers, body, timeoutMs: 0 }, Date.now());
      const status = reaction.kind === 'answer' ? reaction.answer.status : 503;
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The world of a seed without faults of its own: the kills are what goes wrong here. */
function scenarioOf(config: BridgeConfig): Scenario {
  const dice = createDice(seed);
  // Nobody asks PagerDuty here: the process has no account behind it.
  const { account: _, ...drawn } = drawScenario(seed, dice.fork('scenario'), true);
  const cast = { services: drawn.catalog.services, priorities: ['P1', 'P2'] };
  const stories = Array.from({ length: incidents }, (_, at) =>
    tellIncident(dice.fork(`story ${at}`), cast, startMs + at * minute, 2000 + at, dice.between(2, 7)),
  );
  const secrets = { ...drawn.secrets, parameter: () => outgoing, settledAt: 1 };
  const catalog = { ...drawn.catalog, pushes: drawn.catalog.pushes.slice(-1), pins: [] };
  return { ...drawn, stories, secrets, catalog, skewMs: 0, deployments: [{ at: 0, config, lingersMs: 0 }] };
}

function definitionFile(definitions: readonly Definition[]): string {
  return definitions
    .map(({ name, team, pagerduty }) =>
      [
        'apiVersion: v3',
        'kind: service',
        `metadata: { name: "${name}"${team ? `, owner: "${team}"` : ''} }`,
        ...(pagerduty
          ? [
              `integrations: { pagerduty: { serviceURL: "https://acme.pagerduty.com/service-directory/${pagerduty}" } }`,
            ]
          : []),
      ].join('\n'),
    )
    .join('\n---\n');
}

it(`keeps every promise through ${kills} kills of npm start under load (PROCESS_SEED=${seed})`, async () => {
  const dice = createDice(seed, 'kills');
  const folder = temporaryFolder();
  const plan = (name: string, flakiness: number) => ({
    name,
    spells: [],
    flakiness,
    refusedShare: 0,
    poisonShare: 0,
  });
  const receivers = new Map(
    [plan('warehouse', 0), plan('ci', 0.03)].map((each) => [
      each.name,
      createReceiver(each, dice.fork(each.name)),
    ]),
  );
  const servers = new Map<string, Awaited<ReturnType<typeof listen>>>();
  for (const [name, receiver] of receivers) servers.set(name, await listen(receiver));
  const destinations = [...servers].map(([name, { url }]) => ({
    name,
    type: 'webhook',
    url,
    secret: 'env:HOOK',
  }));
  const config: BridgeConfig = {
    authenticate: {},
    severity: {},
    unmatched: 'hold',
    retry: { horizon_hours: 168 },
    retention_days: 400,
    metrics_retention_days: 800,
    link: { window_hours: 24 },
    destinations,
  };
  const scenario = scenarioOf(config);
  const configFile = join(folder, 'bridge.yml');
  writeFileSync(configFile, JSON.stringify({ unmatched: 'hold', destinations }));
  const catalogFile = join(folder, 'catalog.yaml');
  writeFileSync(catalogFile, definitionFile(scenario.catalog.pushes[0]?.definitions ?? []));
  const environment = {
    BRIDGE_CONFIG: configFile,
    BRIDGE_CATALOG: catalogFile,
    BRIDGE_SWEEP_SECONDS: '0.5',
    HOOK: outgoing,
    PAGERDUTY_SIGNING_SECRETS: secret,
  };

  let bridge: BridgeProcess | undefined;
  const attempts: Attempt[] = [];
  const send = async (event: SentEvent): Promise<boolean> => {
    const at = Date.now();
    const answer = await bridge?.post(event.body).catch(() => undefined);
    attempts.push({
      at,
      answeredAt: Date.now(),
      event,
      subscription: 'PSUB',
      status: answer?.status,
      body: answer && JSON.stringify(answer.body),
    });
    return answer?.status === 202;
  };
  const sendStory = async (story: SentEvent[]) => {
    for (const event of story) {
      while (!(await send(event))) await pause(30);
      if (dice.chance(0.1)) await send(event);
    }
  };
  const waiting = [...scenario.stories];
  const total = waiting.flat().length;
  const sender = async () => {
    for (let story = waiting.shift(); story; story = waiting.shift()) await sendStory(story);
  };

  const accepted = () =>
    new Set(attempts.filter(({ status }) => status === 202).map(({ event }) => event.eventId)).size;
  const sending = Promise.all(Array.from({ length: 8 }, sender));
  const start = (aheadMs: number) =>
    startBridge(join(folder, 'data'), { ...environment, NODE_OPTIONS: clockAhead(aheadMs) });
  for (let life = 0; life < kills; life += 1) {
    bridge = await start(Math.max(0, life - (dice.chance(0.3) ? 1 : 0)) * 2 * minute);
    const until = ((life + 1) * total) / (kills + 1);
    const patience = Date.now() + 20_000;
    while (accepted() < until && Date.now() < patience) await pause(10);
    await pause(dice.between(0, 400));
    bridge.process.kill('SIGKILL');
    await bridge.ended;
  }
  const aheadMs = Math.max(0, kills - (dice.chance(0.3) ? 1 : 0)) * 2 * minute;
  const last = await start(aheadMs);
  bridge = last;
  await sending;
  await untilAtRest(last, (row) => row['forwarding'] === 'pending');
  const store = storeOf(last);
  const tables = new Map<TableName, Row[]>();
  for (const { name } of tableDefinitions) tables.set(name, await scan(store, name));
  last.process.kill('SIGTERM');
  await last.ended;
  for (const server of servers.values()) server.close();

  const run: Run = {
    scenario,
    attempts,
    reported: [],
    withdrawals: [],
    released: new Set(),
    rolledOut: emptyLedger(),
    broke: emptyLedger(),
    strangers: [],
    imports: [],
    receivers,
    rows: (table) => tables.get(table) ?? [],
    changes: [],
    metrics: {},
    tally: { ...emptyTally(), faults: { 'receive killed | crash_before': kills } },
    // One kill can repeat whatever was under way, to any destination.
    faults: 1_000,
    endedAt: Date.now(),
    settled: true,
    overdueMs: 0,
    circling: false,
    rematches: new Map(),
    catalogDoneAt: 0,
    loose: [],
    trace: [],
  };
  expect(judge(run)).toEqual([]);
  expect(accepted()).toBe(total);
}, 600_000);
