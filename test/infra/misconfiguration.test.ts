import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BuildError, readConfig } from '../../infra/build/read-config.ts';
import { createWorkspace, type Workspace } from './packaged-service.ts';

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
  ])('%s', (_, config, message) => {
    writeFileSync(path.join(workspace.folder, 'infra/bridge.yml'), config);
    let refused: unknown;
    try {
      readConfig(workspace.folder, 'infra/bridge.yml');
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(BuildError);
    expect((refused as BuildError).message).toMatch(message);
    expect((refused as BuildError).message).not.toContain('s3cr3t');
  });

  it('and ends with that, without a stack and without a bundle', async () => {
    const { code, output } = await workspace.build(`${authenticate}\ndestination: []`);
    expect(code).toBe(1);
    expect(output).toMatch(/^Nothing was built\.\n.*bridge\.yml:2 .*destination.*destinations/);
    expect(output).not.toMatch(/\n {4}at /);
    expect(existsSync(path.join(workspace.folder, 'dist/receive'))).toBe(false);
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

    // Whatever is run reads the parameters first; each of them is looked at below.
    it.each<[string, string[], RegExp]>([
      ['to deploy without a region', ['deploy'], /the region is missing: add --region/],
      [
        'a parameter nobody knows, and a stage that cannot be part of a name',
        ['package', '--param', 'alarm_mail=x', '--stage', 'Prod'],
        /alarm_mail is not known; known are .*alarm_email.*\n.*--stage Prod: must be 1 to 20 of a-z/,
      ],
    ])('%s', async (_, args, message) => {
      const { code, output } = await workspace.osls(...args);
      expect(code).not.toBe(0);
      expect(output).toMatch(message);
      expect(output).not.toMatch(/\n {4}at /);
    });

    const certificate = 'api_certificate_arn=arn:aws:acm:us-east-1:123456789012:certificate/a';
    it.each<[string, string[], RegExp]>([
      [
        'a front door there is not',
        ['front_door=alb'],
        /front_door=alb: must be one of http-api, function-url/,
      ],
      [
        'a configuration that is not the one that is built',
        ['config=infra/another.yml'],
        /dist\/ was built from .*bridge\.yml; npm run package and npm run deploy build it anew/,
      ],
      ['an address that is none', ['alarm_email=me'], /alarm_email=me: must be one mail address/],
      [
        'a retention CloudWatch does not know',
        ['log_retention_days=31'],
        /log_retention_days=31: must be one of/,
      ],
      ['hours that are none', ['silent_hours=0'], /silent_hours=0: must be a whole number from 1 to 168/],
      ['more hours than a week has', ['silent_hours=169'], /silent_hours=169: must be a whole number from 1/],
      ['a key that is none', ['secrets_kms_key_arn=alias/x'], /must be the ARN of a KMS key/],
      [
        'a domain that is none',
        ['api_domain=https://api.example.com'],
        /api_domain=https:\/\/api\.example\.com: must be a domain name/,
      ],
      [
        'a domain without its certificate',
        ['api_domain=api.example.com'],
        /api_domain needs --param api_certificate_arn/,
      ],
      ['a certificate without a domain', [certificate], /api_certificate_arn is for --param api_domain/],
      [
        'a domain for an API that is not there',
        ['api_domain=api.example.com', certificate],
        /bridge\.yml has no ingest/,
      ],
    ])('%s', async (_, given, message) => {
      await expect(parameters(given)).rejects.toThrow(message);
      await expect(parameters([])).resolves.toMatchObject({ stage: 'dev', front_door: 'http-api' });
    });
  });
});

/** What infra/parameters.cjs makes of these `--param`s, asked as a framework asks it. */
function parameters(given: string[]): Promise<Record<string, unknown>> {
  const values = new Map(given.map((each) => each.split('=') as [string, string]));
  const resolveVariable = async (text: string) =>
    values.get(/^param:(\w+),/.exec(text)?.[1] ?? '') ?? /'(.*)'$/.exec(text)?.[1];
  const read = createRequire(import.meta.url)(path.join(workspace.folder, 'infra/parameters.cjs')) as (
    framework: object,
  ) => Promise<Record<string, unknown>>;
  return read({ options: { param: given }, resolveVariable });
}
