import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fiveEvents } from '../flow/deliver/five-events.ts';
import { fine, startUnrulyReceiver, type UnrulyReceiver } from '../flow/deliver/unruly-receiver.ts';
import { type BridgeProcess, startBridge } from '../local/bridge-process.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { clockAhead, storeOf, untilAtRest } from '../local/until-at-rest.ts';
import { seededRng } from '../support/rng.ts';
import { scan } from '../support/scan.ts';
import type { WebhookBody } from '../support/webhooks.ts';

/** `npm run test:campaigns` and `test:long` take more of both; with KILL_INCIDENTS and KILLS any number. */
const incidents = Number(process.env['KILL_INCIDENTS'] ?? 6);
const kills = Number(process.env['KILLS'] ?? 1);
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const names = ['plain', 'signed', 'enveloped'] as const;
const secret = 'whsec-of-the-kill-test';
const senders = 12;

const root = temporaryFolder();
const receivers = new Map<string, UnrulyReceiver>();
const environment: Record<string, string> = {};

beforeAll(async () => {
  for (const name of names) {
    const receiver = await startUnrulyReceiver();
    receiver.always(() => fine);
    receivers.set(name, receiver);
  }
  const url = (name: string) => receivers.get(name)?.url;
  const config = join(root, 'bridge.yml');
  writeFileSync(
    config,
    `destinations:
  - { name: plain, type: webhook, url: '${url('plain')}' }
  - { name: signed, type: webhook, url: '${url('signed')}', secret: env:HOOK_SECRET }
  - { name: enveloped, type: webhook, url: '${url('enveloped')}', format: cloudevents }
`,
  );
  const catalog = join(root, 'catalog.yaml');
  writeFileSync(
    catalog,
    `apiVersion: v3
kind: service
metadata: { name: checkout-api, owner: payments }
integrations: { pagerduty: { serviceURL: 'https://acme.pagerduty.com/service-directory/PPINNED' } }
`,
  );
  Object.assign(environment, {
    BRIDGE_CONFIG: config,
    BRIDGE_CATALOG: catalog,
    BRIDGE_SWEEP_SECONDS: '0.5',
    HOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
    PAGERDUTY_SIGNING_SECRETS: secret,
  });
});
afterAll(async () => {
  for (const receiver of receivers.values()) await receiver.close();
});

/** Sends like PagerDuty: an incident's events one after the other, each until it is taken. */
async function sendAll(
  bridge: () => BridgeProcess | undefined,
  bodies: WebhookBody[][],
  taken: () => void,
): Promise<void> {
  const waiting = [...bodies];
  const sender = async () => {
    for (let events = waiting.shift(); events; events = waiting.shift()) {
      for (const body of events) {
        while (!(await isTaken(bridge(), body))) await pause(20);
        taken();
      }
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
}

async function isTaken(bridge: BridgeProcess | undefined, body: WebhookBody): Promise<boolean> {
  const answer = await bridge?.post(body).catch(() => undefined);
  return answer?.status === 202;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it(`what ${incidents} incidents owe to three destinations gets there through ${kills} kills -9 (KILL_SEED=${seed})`, async () => {
  const rng = seededRng(seed);
  const ids = Array.from({ length: incidents }, (_, n) => `QKILL${n + 1}`);
  const dataDir = join(root, 'data');
  let bridge: BridgeProcess | undefined;
  let accepted = 0;
  const sending = sendAll(
    () => bridge,
    ids.map((id) => fiveEvents(id)),
    () => {
      accepted += 1;
    },
  );

  const total = incidents * 5;
  for (let life = 0; life < kills; life++) {
    // Most restarts come minutes later, some at once, while the dead worker's claims still stand.
    const ahead = (life - (rng() < 0.3 ? 1 : 0)) * 120_000;
    bridge = await startBridge(dataDir, { ...environment, NODE_OPTIONS: clockAhead(Math.max(ahead, 0)) });
    const until = Math.min(total, ((life + 1) * total) / (kills + 1));
    const patience = Date.now() + 20_000;
    while (accepted < until && Date.now() < patience) await pause(10);
    await pause(rng() * 400);
    bridge.process.kill('SIGKILL');
    expect(await bridge.ended).toBe('SIGKILL');
  }

  const aheadMs = (kills + 1) * 120_000;
  const last = await startBridge(dataDir, { ...environment, NODE_OPTIONS: clockAhead(aheadMs) });
  bridge = last;
  await sending;
  const jumps = await untilAtRest(last, (row) => row['forwarding'] !== 'settled');

  const store = storeOf(last);
  const events = await scan(store, 'events');
  const deliveries = await scan(store, 'deliveries');
  expect(events).toHaveLength(total);
  expect(events.filter((row) => row['due_at'] !== undefined)).toEqual([]);
  expect(deliveries).toHaveLength(total * names.length);
  expect(deliveries.filter((row) => row['due_at'] !== undefined || row['status'] !== 'delivered')).toEqual(
    [],
  );

  for (const name of names) {
    const receiver = receivers.get(name) as UnrulyReceiver;
    const first = receiver.firstReceipts();
    expect(first).toHaveLength(total);
    const bytes = new Map<string, Set<string>>();
    const times = new Map<string, number>();
    for (const { headers, body } of receiver.arrivals) {
      const id = String(headers['webhook-id']);
      bytes.set(id, (bytes.get(id) ?? new Set()).add(`${headers['content-type']} ${body}`));
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    expect([...bytes].filter(([, versions]) => versions.size !== 1)).toEqual([]);
    for (const id of ids) {
      const inOrder = fiveEvents(id).map(({ event }) => event.id);
      expect(first.filter((each) => each.startsWith(`${id}-`))).toEqual(inOrder);
    }
    // A row counts the attempts whose end was written down; the receiver may have seen one more for each process and jump.
    const rows = deliveries.filter((row) => row['destination'] === name);
    const disagreeing = rows.filter((row) => {
      const seen = times.get(String(row['event_id'])) ?? 0;
      const attempts = Number(row['attempts']);
      return attempts < 1 || attempts > seen || seen > attempts + kills + jumps;
    });
    expect(disagreeing).toEqual([]);
  }
  last.process.kill('SIGTERM');
  expect(await last.ended).toBe(0);
}, 900_000);
