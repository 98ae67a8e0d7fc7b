import { rmSync } from 'node:fs';
import path from 'node:path';
import { createWorkspace, type Workspace } from './packaged-service.ts';

jest.setTimeout(180_000);

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
});
afterAll(() => workspace.remove());

const authenticate = 'authenticate: { signing_secrets: ssm:/bridge/signing }';
const hook = (url: string) =>
  `${authenticate}\ndestinations:\n  - { name: hook, type: webhook, url: "${url}" }\n`;

describe('npm run build refuses, before anything is packaged,', () => {
  it.each<[string, string, RegExp]>([
    [
      'no secret at all',
      'destinations: []',
      /infra\/bridge\.yml.* authenticate: nothing authenticates webhooks.*ssm:/,
    ],
    [
      "a laptop's secret",
      'authenticate: { signing_secrets: env:SIGNING }',
      /authenticate\.signing_secrets: env:SIGNING is a laptop's; .*SSM SecureString .*ssm:\/path/,
    ],
    [
      'a secret itself',
      'authenticate: { signing_secrets: s3cr3t }',
      /must be a reference, env:NAME on a laptop or ssm:/,
    ],
    [
      'an unknown key, naming the nearest',
      `${authenticate}\ndestination: []`,
      /bridge\.yml:2 .*destination.*destinations/,
    ],
    [
      'a destination without TLS',
      hook('http://hooks.example.com/x'),
      /bridge\.yml:3 destinations\[0\]\.url: .*https:\/\//,
    ],
    [
      'a destination on loopback',
      hook('http://127.0.0.1:9/x'),
      /destinations\[0\]\.url: .*(loopback|the machine it runs on)/,
    ],
    ['what is not YAML', 'authenticate: {', /bridge\.yml:/],
  ])('%s', async (_, config, message) => {
    const { code, output } = await workspace.build(config);
    expect(code).toBe(1);
    expect(output).toMatch(/Nothing was built/);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/s3cr3t|\n {4}at /);
  });

  it('a configuration that is not there, naming the option', async () => {
    const { code, output } = await workspace.build(undefined, '--config', 'infra/nowhere.yml');
    expect(code).toBe(1);
    expect(output).toMatch(/infra\/nowhere\.yml does not exist; give the configuration with --config FILE/);
  });
});

describe('packaging refuses', () => {
  it('to run on functions that are not built', async () => {
    rmSync(path.join(workspace.folder, 'dist'), { recursive: true, force: true });
    const { code, output } = await workspace.osls('package');
    expect(code).not.toBe(0);
    expect(output).toMatch(/run npm run build first/);
    expect(output).not.toMatch(/\n {4}at /);
  });

  describe('on functions that are built', () => {
    beforeAll(async () => {
      const built = await workspace.build(authenticate);
      if (built.code !== 0) throw new Error(built.output);
    });

    it.each<[string, string[], RegExp]>([
      ['to deploy without a region', ['deploy'], /the region is missing: add --region/],
      [
        'a parameter nobody knows',
        ['package', '--param', 'alarm_mail=x'],
        /alarm_mail is not known; known are .*alarm_email/,
      ],
      [
        'a front door there is not',
        ['package', '--param', 'front_door=alb'],
        /front_door=alb: must be one of http-api, function-url/,
      ],
      [
        'an address that is none',
        ['package', '--param', 'alarm_email=me'],
        /alarm_email=me: must be one mail address/,
      ],
      [
        'a retention CloudWatch does not know',
        ['package', '--param', 'log_retention_days=31'],
        /log_retention_days=31: must be one of/,
      ],
      [
        'hours that are none',
        ['package', '--param', 'silent_hours=0'],
        /silent_hours=0: must be a whole number from 1 to 24/,
      ],
      [
        'a key that is none',
        ['package', '--param', 'secrets_kms_key_arn=alias/x'],
        /must be the ARN of a KMS key/,
      ],
      [
        'a domain that is none',
        ['package', '--param', 'api_domain=https://api.example.com'],
        /api_domain=https:\/\/api\.example\.com: must be a domain name/,
      ],
      [
        'a domain without its certificate',
        ['package', '--param', 'api_domain=api.example.com'],
        /api_domain needs --param api_certificate_arn/,
      ],
      [
        'a certificate without a domain',
        ['package', '--param', 'api_certificate_arn=arn:aws:acm:us-east-1:123456789012:certificate/a'],
        /api_certificate_arn is for --param api_domain/,
      ],
      [
        'a domain for an API that is not there',
        [
          ...['package', '--param', 'api_domain=api.example.com'],
          ...['--param', 'api_certificate_arn=arn:aws:acm:us-east-1:123456789012:certificate/a'],
        ],
        /bridge\.yml has no ingest/,
      ],
      [
        'a stage that cannot be part of a name',
        ['package', '--stage', 'Prod'],
        /--stage Prod: must be 1 to 20 of a-z/,
      ],
    ])('%s', async (_, args, message) => {
      const { code, output } = await workspace.osls(...args);
      expect(code).not.toBe(0);
      expect(output).toMatch(message);
      expect(output).not.toMatch(/\n {4}at /);
    });
  });
});
