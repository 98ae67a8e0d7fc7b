import type { BridgeConfig } from '../../../lib/adapters/config/bridge-config.ts';
import {
  checkForDeploy,
  destinationPermissions,
  secretUses,
} from '../../../lib/adapters/config/check-for-deploy.ts';
import { parseBridgeConfig } from '../../../lib/adapters/config/parse-bridge-config.ts';

const authenticate = 'authenticate: { signing_secrets: "ssm:/s" }';

function configOf(destinations: string[] = [], head = authenticate): BridgeConfig {
  const { config, faults } = parseBridgeConfig(`${head}\ndestinations: [${destinations.join(', ')}]`);
  if (!config) throw new Error(JSON.stringify(faults));
  return config;
}

const live = (...keys: string[]) =>
  configOf([], `${authenticate}\ncatalog_sources: [{ name: live, ${keys.join(', ')} }]`);

const paths = (config: BridgeConfig) => checkForDeploy(config).map(({ path }) => path);

describe('before a deploy', () => {
  it.each([
    ['a signing secret in SSM', authenticate],
    ['API keys in SSM', 'authenticate: { api_keys: "ssm:/k" }'],
  ])('%s is enough to authenticate', (_, head) => {
    expect(checkForDeploy(configOf([], head))).toEqual([]);
  });

  it('nothing that authenticates webhooks is refused', () => {
    expect(checkForDeploy(configOf([], ''))).toEqual([
      { path: 'authenticate', message: expect.stringContaining('every one would be answered 503') },
    ]);
  });

  it.each(['{}', '{ application_keys: "ssm:/a" }'])(
    'whoever reports must have keys of its own: ingest: %s',
    (ingest) => {
      const config = configOf([], `${authenticate}\ningest: ${ingest}`);
      expect(checkForDeploy(config)).toEqual([
        { path: 'ingest', message: expect.stringContaining('every request would be refused') },
      ]);
    },
  );

  it.each(['api_keys: "ssm:/k"', 'github: { secret: "ssm:/g" }', 'gitlab: { token: "ssm:/t" }'])(
    'whoever reports may authenticate by %s',
    (key) => {
      expect(checkForDeploy(configOf([], `${authenticate}\ningest: { ${key} }`))).toEqual([]);
    },
  );

  it('secrets of a laptop are refused wherever they are used', () => {
    const config = configOf(
      [
        '{ name: w, type: webhook, url: "https://example.com", secret: "env:W" }',
        '{ name: d, type: datadog, api_key: "env:D", application_key: "env:A" }',
      ],
      'authenticate: { signing_secrets: "env:S", api_keys: "env:K" }\ningest: { api_keys: "env:I", application_keys: "env:A", github: { secret: "env:G" }, gitlab: { token: "env:L" } }',
    );
    expect(paths(config)).toEqual([
      'authenticate.signing_secrets',
      'authenticate.api_keys',
      'ingest.api_keys',
      'ingest.application_keys',
      'ingest.github.secret',
      'ingest.gitlab.token',
      'destinations[0].secret',
      'destinations[1].api_key',
      'destinations[1].application_key',
    ]);
  });

  it('a tag that looks like a reference is just a tag', () => {
    expect(paths(configOf(['{ name: d, type: datadog, api_key: "ssm:/d", tags: ["env:prod"] }']))).toEqual(
      [],
    );
  });

  it.each([
    ['{ name: w, type: webhook, url: "http://127.0.0.1:1" }', 'url'],
    ['{ name: w, type: webhook, url: "https://localhost/x" }', 'url'],
    ['{ name: d, type: datadog, api_key: "ssm:/d", base_url: "http://127.0.0.1:1" }', 'base_url'],
    ['{ name: d, type: datadog, api_key: "ssm:/d", site: "http://127.0.0.1:1" }', 'site'],
    ['{ name: b, type: eventbridge, endpoint: "http://127.0.0.1:1" }', 'endpoint'],
    ['{ name: q, type: sqs, queue_url: "http://127.0.0.1:1/123456789012/q" }', 'queue_url'],
    [
      '{ name: t, type: sns, topic_arn: "arn:aws:sns:eu-central-1:123456789012:t", endpoint: "http://[::1]:1" }',
      'endpoint',
    ],
  ])('loopback is refused: %s', (destination, key) => {
    expect(paths(configOf([destination]))).toEqual([`destinations[0].${key}`]);
  });

  it.each([
    [['type: backstage', 'url: "https://example.com"', 'token: "ssm:/t"'], []],
    [['type: backstage', 'url: "http://127.0.0.1:7007"', 'token: "ssm:/t"'], ['url']],
    [['type: backstage', 'url: "https://example.com"', 'token: "env:T"'], ['token']],
    [['type: datadog', 'api_key: "ssm:/a"', 'application_key: "ssm:/b"'], []],
    [
      ['type: datadog', 'api_key: "env:A"', 'application_key: "env:B"', 'base_url: "https://localhost"'],
      ['api_key', 'application_key', 'base_url'],
    ],
  ])('of a live catalog with %j is refused %j', (keys, refused) => {
    expect(paths(live(...keys))).toEqual(refused.map((key) => `catalog_sources[0].${key}`));
  });

  it.each([
    ['token: "ssm:/t"', []],
    ['token: "env:T"', ['pagerduty.token']],
    ['write_token: "env:W"', ['pagerduty.write_token']],
    ['oauth: { client_id: a, client_secret: "env:S", subdomain: acme }', ['pagerduty.oauth.client_secret']],
  ])('of pagerduty with %s is refused %j', (keys, refused) => {
    expect(paths(configOf([], `${authenticate}\npagerduty: { ${keys} }`))).toEqual(refused);
  });

  it.each([
    [['type: github', 'token: "ssm:/t"'], []],
    [['type: github', 'token: "env:T"'], ['token']],
    [['type: gitlab', 'token: "ssm:/t"', 'base_url: "http://127.0.0.1:3000"'], ['base_url']],
    [['type: gitlab', 'token: "ssm:/t"', 'base_url: "https://git.example.com"'], []],
  ])('of a git host with %j is refused %j', (keys, refused) => {
    const config = configOf([], `${authenticate}\ngit_hosts: [{ ${keys.join(', ')} }]`);
    expect(paths(config)).toEqual(refused.map((key) => `git_hosts[0].${key}`));
    expect(secretUses(config).at(-1)?.path).toBe('git_hosts[0].token');
  });

  it.each([
    ['{ name: q, type: sqs, queue_url: "https://sqs.eu-central-1.amazonaws.com/" }', 'queue_url'],
    ['{ name: t, type: sns, topic_arn: "arn:aws:sns:x" }', 'topic_arn'],
  ])('a target that no role can be limited to is refused: %s', (destination, key) => {
    expect(paths(configOf([destination]))).toEqual([`destinations[0].${key}`]);
  });
});

describe('what a deployment has to know', () => {
  it('is every reference to a secret, with its place', () => {
    const config = configOf(['{ name: w, type: webhook, url: "https://example.com", secret: "ssm:/w" }']);
    expect(secretUses(config)).toEqual([
      { path: 'authenticate.signing_secrets', reference: 'ssm:/s' },
      { path: 'destinations[0].secret', reference: 'ssm:/w' },
    ]);
    expect(
      secretUses(live('type: datadog', 'api_key: "ssm:/a"', 'application_key: "ssm:/b"')).slice(1),
    ).toEqual([
      { path: 'catalog_sources[0].api_key', reference: 'ssm:/a' },
      { path: 'catalog_sources[0].application_key', reference: 'ssm:/b' },
    ]);
  });

  it.each([
    [
      '{ name: b, type: eventbridge }',
      'events:PutEvents',
      'arn:{Partition}:events:{Region}:{AccountId}:event-bus/default',
    ],
    [
      '{ name: b, type: eventbridge, bus: own, region: us-east-1 }',
      'events:PutEvents',
      'arn:{Partition}:events:us-east-1:{AccountId}:event-bus/own',
    ],
    [
      '{ name: b, type: eventbridge, bus: "arn:aws:events:eu-central-1:123456789012:event-bus/own" }',
      'events:PutEvents',
      'arn:aws:events:eu-central-1:123456789012:event-bus/own',
    ],
    [
      '{ name: q, type: sqs, queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/q.fifo" }',
      'sqs:SendMessage',
      'arn:{Partition}:sqs:eu-central-1:123456789012:q.fifo',
    ],
    [
      '{ name: t, type: sns, topic_arn: "arn:aws-cn:sns:cn-north-1:123456789012:t" }',
      'sns:Publish',
      'arn:aws-cn:sns:cn-north-1:123456789012:t',
    ],
  ])('is what %s must be allowed to do', (destination, action, resource) => {
    const withPseudoParameters = resource.replace(/\{(\w+)\}/g, (_, name) => `\${AWS::${name}}`);
    expect(destinationPermissions(configOf([destination]))).toEqual([
      { action, resource: withPseudoParameters },
    ]);
  });

  it('is nothing for destinations that are not in AWS', () => {
    const others = [
      '{ name: c, type: console }',
      '{ name: w, type: webhook, url: "https://a.b" }',
      '{ name: d, type: datadog, api_key: "ssm:/d" }',
    ];
    expect(destinationPermissions(configOf(others))).toEqual([]);
  });
});
