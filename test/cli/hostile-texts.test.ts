import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';
import { pdbridge } from './run-cli.ts';

const esc = String.fromCharCode(27);
const hostile = `${esc}]0;x${String.fromCharCode(7)}\u009b31m\u202egnp\u200b\u{e0041}\u00ad`;
const harmful = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u00ad\u200b\u{e0000}-\u{e0fff}]/u;

let on: OnDatabase;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  on = await startOnDatabase({ destinations: [{ name: 'screen', type: 'console' }] });
  await fillCatalog(on, checkout, { ...checkout, name: `evil${hostile}`, pagerduty: { id: 'PEVIL' } });
  const named = (id: string, summary: string) => ({ id, type: 'service_reference', summary });
  for (const [id, service] of [
    ['QHELD', named('PLOST', `Lost ${hostile}`)],
    ['QEVIL', named('PEVIL', `Evil ${hostile}`)],
  ] as const) {
    await on.bridge.deliver(
      webhookBody('incident.triggered', {
        id: `event ${id} ${hostile}`,
        at: '2026-03-02T10:00:00Z',
        data: { id, title: `Title ${hostile}`, service, teams: [named('PT', hostile)], custom_fields: [] },
      }),
    );
  }
  await on.bridge.send(`not JSON ${hostile}`);
  writeFileSync(
    join(folder, 'service.datadog.yaml'),
    `schema-version: v2\ndd-service: "a\\e[31m\\u202e"\nteam: [1]\n`,
  );
  writeFileSync(
    join(folder, 'bridge.yml'),
    `destinations: [{ name: x, type: "\\e]0;x\\a" }]\n"\\e[31m": 1\n`,
  );
  writeFileSync(join(folder, 'body.json'), hostile);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await on.stop();
});

const config = ['--config', 'test/cli/fixtures/bridge.yml'];
const onTarget = [
  ['incidents', 'ls'],
  ['incidents', 'ls', '--held'],
  ['incidents', 'show', 'QHELD'],
  ['incidents', 'show', 'QEVIL'],
  ['incidents', 'show', hostile],
  ['incidents', 'rebuild', 'QEVIL', '--check', ...config],
  ['mappings', 'ls'],
  ['mappings', 'ls', '--unmatched'],
  ['mappings', 'pin', hostile, '--service', hostile],
  ['deliveries', 'ls'],
  ['catalog', 'ls'],
  ['quarantine', 'ls'],
  ['quarantine', 'replay', hostile],
  ['explain', '--service-name', `Evil ${hostile}`, ...config],
  ['explain', '--service-id', 'PLOST', ...config],
];
const alone = () => [
  ['catalog', 'validate', folder],
  ['config', 'validate', join(folder, 'bridge.yml')],
  ['verify', '--secret', 's', '--signature', hostile, '--file', join(folder, 'body.json')],
  ['verify', '--secret', 's', '--signature', 'v1=', '--file', join(folder, hostile)],
  ['trigger', hostile],
  [hostile],
];

describe('whatever comes from outside', () => {
  it.each(['', '--json'])('takes over no terminal and is never called undefined, with %j', async (json) => {
    const more = json ? [json] : [];
    const runs = [
      ...onTarget.map((args) => () => on.run(...args, ...more)),
      ...alone().map((args) => () => pdbridge([...args, ...more], { columns: 80 })),
    ];
    const wrong: string[] = [];
    for (const [at, run] of runs.entries()) {
      const { out, err } = await run();
      const command = [...onTarget, ...alone()][at]?.slice(0, 2).join(' ');
      if (harmful.test(out + err)) wrong.push(`${command} lets through: ${JSON.stringify(out + err)}`);
      if (/\bundefined\b/.test(out + err)) wrong.push(`${command}: ${out}${err}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is for machines what it was', async () => {
    const [row] = (await on.run('incidents', 'ls', '--held', '--json')).json() as { title: string }[];
    expect(row?.title).toBe(`Title ${hostile}`);
  });
});

describe('the file of a request', () => {
  it.each([
    ['that is a folder', () => folder, /is no regular file/],
    ['that never ends', () => '/dev/zero', /is no regular file/],
    ['that is too large', () => large(), /is larger than 1 MB/],
    ['that is not there', () => join(folder, 'none'), /cannot be read/],
  ])('%s is refused with a sentence', async (_, file, sentence) => {
    const verified = await pdbridge(['verify', '--secret', 's', '--signature', 'v1=', '--file', file()]);
    expect([verified.code, verified.err]).toEqual([1, expect.stringMatching(sentence)]);
    const sent = await pdbridge([
      'trigger',
      '--file',
      file(),
      '--url',
      'http://127.0.0.1:9',
      '--secret',
      's',
    ]);
    expect([sent.code, sent.err]).toEqual([1, expect.stringMatching(sentence)]);
  });

  function large(): string {
    writeFileSync(join(folder, 'large.json'), Buffer.alloc(1_048_577));
    return join(folder, 'large.json');
  }
});
