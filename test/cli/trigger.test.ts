import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sampleEventTypes } from '../../lib/cli/sample-events.ts';
import { verifySignature } from '../../lib/domain/pagerduty/signature.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { pdbridge, type Surroundings } from './run-cli.ts';

const root = temporaryFolder();
const requests: { headers: IncomingHttpHeaders; body: Buffer; event: Event }[] = [];
interface Event {
  id: string;
  event_type: string;
  occurred_at: string;
  data: Record<string, unknown>;
}
let status = 202;
const bridge = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  let event = {} as Event;
  try {
    ({ event } = JSON.parse(body.toString()));
  } catch {
    // Not every body that is sent is JSON.
  }
  requests.push({ headers: request.headers, body, event });
  response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"accepted"}');
});
let url = '';
const here: Surroundings = {
  environment: { BRIDGE_DATA_DIR: join(root, 'data') },
  now: Date.UTC(2026, 2, 2, 9, 58, 41, 7),
};

beforeAll(async () => {
  await new Promise<void>((resolve) => bridge.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(bridge.address() as AddressInfo).port}/webhooks/pagerduty`;
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'data', 'signing-secret'), 'kept secret\n');
  writeFileSync(
    join(root, 'data', 'ready.json'),
    JSON.stringify({
      webhook_url: url,
      health_url: '',
      dynamodb_endpoint: '',
      table_prefix: '',
      pid: process.pid,
    }),
  );
});
beforeEach(() => {
  requests.length = 0;
  status = 202;
});
afterAll(() => new Promise((resolve) => bridge.close(resolve)));

describe('pdbridge trigger', () => {
  it('sends a sample to the bridge that runs here, signed with its secret', async () => {
    const { code, out, err } = await pdbridge(['trigger', 'incident.triggered'], here);
    expect({ code, out }).toEqual({ code: 0, out: '202 {"status":"accepted"}\n' });
    expect(err).toBe(`Target: ${url}\n`);
    const [sent] = requests;
    expect(sent?.headers['x-pagerduty-signature']).toMatch(/^v1=[0-9a-f]{64}$/);
    expect(
      verifySignature(sent?.body ?? Buffer.of(), String(sent?.headers['x-pagerduty-signature']), [
        'kept secret',
      ]),
    ).toBe(true);
    expect(sent?.headers['content-type']).toBe('application/json');
    expect(sent?.event).toMatchObject({
      event_type: 'incident.triggered',
      occurred_at: '2026-03-02T09:58:41.007Z',
      data: { type: 'incident', created_at: '2026-03-02T09:58:41Z' },
    });
  });

  it('gives every event an id of its own, and every webhook too', async () => {
    for (let i = 0; i < 2; i++) await pdbridge(['trigger', 'incident.acknowledged'], here);
    expect(new Set(requests.map(({ event }) => event.id)).size).toBe(2);
    expect(new Set(requests.map(({ headers }) => headers['x-webhook-id'])).size).toBe(2);
    expect(requests[0]?.event.data).not.toHaveProperty('created_at');
  });

  it('has a sample of every type it lists, and lists them for machines too', async () => {
    const { json } = await pdbridge(['trigger', '--list', '--json'], here);
    const types = json() as string[];
    expect(types).toEqual(await sampleEventTypes());
    expect((await pdbridge(['trigger', '--list'], here)).out.trim().split('\n')).toEqual(types);
    expect(types).toEqual(expect.arrayContaining(['incident.triggered', 'incident.resolved', 'pagey.ping']));
    for (const type of types) await pdbridge(['trigger', type], here);
    expect(requests.map(({ event }) => event.event_type)).toEqual(types);
  });

  it('changes the body as --set says', async () => {
    const set = ['--set', 'data.title=Slow', '--set', 'data.teams=[]', '--set', 'event.id=E1'];
    await pdbridge(['trigger', 'incident.triggered', ...set], here);
    expect(requests[0]?.event).toMatchObject({ id: 'E1', data: { title: 'Slow', teams: [] } });
  });

  it('sends a file byte by byte', async () => {
    const file = join(root, 'captured.json');
    const bytes = Buffer.from([0x7b, 0x20, 0xff, 0x00, 0x0a]);
    writeFileSync(file, bytes);
    await pdbridge(['trigger', '--file', file, '--secret', 'other'], here);
    expect(requests[0]?.body.equals(bytes)).toBe(true);
    expect(verifySignature(bytes, String(requests[0]?.headers['x-pagerduty-signature']), ['other'])).toBe(
      true,
    );
  });

  it('changes a file only where --set says', async () => {
    const file = join(root, 'event.json');
    writeFileSync(file, '{"event": {"id": "E9", "occurred_at": "then", "data": {}}}');
    await pdbridge(['trigger', '--file', file, '--set', 'data.id=Q9'], here);
    expect(requests[0]?.event).toEqual({ id: 'E9', occurred_at: 'then', data: { id: 'Q9' } });
  });

  it('says which sample was probably meant', async () => {
    const { code, err } = await pdbridge(['trigger', 'incident.resolvd'], here);
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean incident.resolved?')]);
    expect((await pdbridge(['trigger', 'something.else'], here)).err).not.toContain('Did you mean');
  });

  it('sends other headers and an API key when told to', async () => {
    await pdbridge(['trigger', 'pagey.ping', '--header', 'dd_env=prod', '--api-key', 'k'], here);
    expect(requests[0]?.headers).toMatchObject({ dd_env: 'prod', 'x-api-key': 'k' });
  });

  it.each([
    [
      'the settings of the bridge',
      { PAGERDUTY_SIGNING_SECRETS: 'new, old', BRIDGE_API_KEYS: 'k1,k2' },
      'new',
      'k1',
    ],
    ['the kept secret', {}, 'kept secret', undefined],
  ])('takes credentials from %s', async (_, environment, secret, apiKey) => {
    await pdbridge(['trigger', 'pagey.ping'], { environment: { ...here.environment, ...environment } });
    const [sent] = requests;
    expect(
      verifySignature(sent?.body ?? Buffer.of(), String(sent?.headers['x-pagerduty-signature']), [secret]),
    ).toBe(true);
    expect(sent?.headers['x-api-key']).toBe(apiKey);
  });

  it('ends with 1 when the webhook is not accepted, and repeats the answer but no credentials', async () => {
    status = 503;
    const { code, out, err } = await pdbridge(
      ['trigger', 'pagey.ping', '--secret', 'canary', '--api-key', 'bird'],
      here,
    );
    expect(code).toBe(1);
    expect(out).toBe('503 {"status":"accepted"}\n');
    expect(out + err).not.toMatch(/canary|bird|v1=/);
    const asJson = await pdbridge(['trigger', 'pagey.ping', '--json'], here);
    expect(asJson.code).toBe(1);
    expect(asJson.json()).toEqual({ url, status: 503, answer: { status: 'accepted' } });
  });

  it('ends with 1 when nobody answers', async () => {
    const { code, err } = await pdbridge(['trigger', 'pagey.ping', '--url', 'http://127.0.0.1:1/'], here);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('http://127.0.0.1:1/ does not answer'),
    });
  });

  it.each([
    ['neither a type nor a file', [], 2],
    ['both a type and a file', ['pagey.ping', '--file', 'x'], 2],
    ['an unknown type', ['incident.exploded'], 2],
    ['a type that is a path', ['../../../package'], 2],
    ['no path in --set', ['pagey.ping', '--set', 'title'], 2],
    ['no name in --header', ['pagey.ping', '--header', 'title'], 2],
    ['a --url that is none', ['pagey.ping', '--url', 'localhost'], 2],
    ['a file that is not there', ['--file', '/not/there'], 1],
  ])('refuses %s', async (_, args, exitCode) => {
    expect((await pdbridge(['trigger', ...args], here)).code).toBe(exitCode);
    expect(requests).toEqual([]);
  });

  it('asks for a secret when there is none to find', async () => {
    const { code, err } = await pdbridge(['trigger', 'pagey.ping', '--url', url], {
      environment: { BRIDGE_DATA_DIR: join(root, 'nowhere') },
    });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('--secret') });
  });
});
