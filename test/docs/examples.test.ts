import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Webhook } from 'standardwebhooks';
import { checkForDeploy } from '../../lib/adapters/config/check-for-deploy.ts';
import { describeFault, parseBridgeConfig } from '../../lib/adapters/config/parse-bridge-config.ts';
import { parseDefinitions } from '../../lib/domain/catalog/parse-definitions.ts';
import { incidentEventJsonSchema } from '../../lib/domain/incident/incident-event-schema.ts';
import { run } from '../local/child-process.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { blocks } from './document.ts';

describe('the incident event shown', () => {
  const [example] = blocks('json').filter(({ file }) => file === 'docs/events.md');

  it('is one by the published schema', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      incidentEventJsonSchema(),
    );
    validate(JSON.parse(example?.text ?? ''));
    expect(validate.errors).toBeNull();
  });
});

describe('configuration and definitions shown', () => {
  // What other programs are configured with is held in deployments.test.ts and telemetry.test.ts.
  const ours = blocks('yaml').filter(({ text }) => !/^(kind: ConfigMap|exporters:)$/m.test(text));
  it.each(ours.map(({ file, text, heading }) => [`${heading} (${file})`, text] as const))(
    'under %s are valid',
    (_, text) => {
      if (/^(schema-version|apiVersion):/m.test(text)) {
        expect(parseDefinitions('shown.yaml', text)).toMatchObject({ findings: [] });
        return;
      }
      const { config, faults = [] } = parseBridgeConfig(text);
      expect(faults.map((fault) => describeFault(fault, 'bridge.yml'))).toEqual([]);
      expect(config && checkForDeploy(config)).toEqual([]);
    },
  );
});

it('the README has its reader deploy a destination that sends, and no secret but by reference', () => {
  const [example] = blocks('yaml').filter(({ file }) => file === 'README.md');
  const { config } = parseBridgeConfig(example?.text ?? '');
  expect(config?.destinations?.map(({ type }) => type)).toEqual(['webhook', 'datadog']);
});

describe('the verification shown', () => {
  const [snippet] = blocks('js');
  const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const body = '{"name":"Käse"}';
  const at = new Date();
  const signed = new Webhook(secret).sign('event-1', at, body);
  const headers = {
    'webhook-id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signed,
  };
  const old = String(Number(headers['webhook-timestamp']) - 3600);
  const cases: [string, boolean, Record<string, string>, string][] = [
    ['accepts what the reference library signs', true, headers, body],
    [
      'accepts it among other signatures',
      true,
      { ...headers, 'webhook-signature': `v1,AAAA ${signed}` },
      body,
    ],
    ['refuses another body', false, headers, `${body} `],
    ['refuses another id', false, { ...headers, 'webhook-id': 'event-2' }, body],
    ['refuses an old timestamp', false, { ...headers, 'webhook-timestamp': old }, body],
    ['refuses a request without a signature', false, { 'webhook-id': 'event-1' }, body],
  ];

  it.each(cases)('%s', async (_, authentic, given, sent) => {
    const file = join(temporaryFolder(), 'verify.mjs');
    const call = `isAuthentic(${JSON.stringify(given)}, Buffer.from(${JSON.stringify(sent)}), ${JSON.stringify(secret)})`;
    writeFileSync(file, `${snippet?.text}\nconsole.log(${call});\n`);
    const child = run(process.execPath, [file]);
    await child.ended;
    expect([child.lines, child.errors()]).toEqual([[String(authentic)], '']);
  });
});
