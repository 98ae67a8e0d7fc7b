import { readFileSync } from 'node:fs';
import { describeFault, parseBridgeConfig } from '../../../lib/adapters/config/parse-bridge-config.ts';

const faultsOf = (text: string) =>
  parseBridgeConfig(text).faults?.map((fault) => describeFault(fault, 'bridge.yml'));
const webhook = (rest: string) => `destinations:\n  - { name: w, type: webhook, ${rest} }`;

describe('bridge.yml', () => {
  it('is accepted as it ships, with the console as its only destination', () => {
    const { config } = parseBridgeConfig(readFileSync('infra/bridge.yml', 'utf8'));
    expect(config?.destinations).toEqual([{ name: 'screen', type: 'console' }]);
  });

  it('ships examples that are accepted once they are no longer comments', () => {
    const text = readFileSync('infra/bridge.yml', 'utf8').replace(
      /^( *)# (- |env_|default_|severity)/gm,
      '$1$2',
    );
    const { config, faults } = parseBridgeConfig(text);
    expect(faults).toBeUndefined();
    const types = config?.destinations.map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(['console', 'datadog', 'webhook', 'eventbridge', 'sqs', 'sns']));
  });

  it.each(['', '# only a comment\n', 'authenticate:\ndestinations:\n', '{}'])(
    'has a default for everything: %j',
    (text) => {
      expect(parseBridgeConfig(text).config).toEqual({
        authenticate: {},
        severity: {},
        unmatched: 'hold',
        names: 'folded',
        retry: { horizon_hours: 168 },
        retention_days: 400,
        metrics_retention_days: 800,
        link: { window_hours: 24 },
        destinations: [],
      });
    },
  );

  it('keeps what is configured', () => {
    const { config } = parseBridgeConfig(
      [
        'authenticate: { signing_secrets: "ssm:/a/b", api_keys: "env:KEYS" }',
        'default_env: prod',
        'env_custom_field: environment',
        'severity: { P1: SEV-1 }',
        'unmatched: drop',
        'names: loose',
        'loose_words: [prod, business hours]',
        'retry: { horizon_hours: 0.5 }',
        'retention_days: 30',
        'metrics_retention_days: 365',
        'link: { window_hours: 0 }',
        'ingest: { api_keys: "env:I", application_keys: "env:A", github: { secret: "env:G" }, gitlab: { token: "env:L" }, repositories: { "github.com/acme/checkout": checkout-api, "https://github.com/acme/mono.git": [cart, billing] } }',
        webhook(
          'url: "http://127.0.0.1:9999/x", secret: "env:S", format: cloudevents-binary, allow_private: true',
        ),
      ].join('\n'),
    );
    expect(config).toEqual({
      authenticate: { signing_secrets: 'ssm:/a/b', api_keys: 'env:KEYS' },
      default_env: 'prod',
      env_custom_field: 'environment',
      severity: { P1: 'SEV-1' },
      unmatched: 'drop',
      names: 'loose',
      loose_words: ['prod', 'business hours'],
      retry: { horizon_hours: 0.5 },
      retention_days: 30,
      metrics_retention_days: 365,
      link: { window_hours: 0 },
      ingest: {
        api_keys: 'env:I',
        application_keys: 'env:A',
        github: { secret: 'env:G' },
        gitlab: { token: 'env:L' },
        repositories: {
          'github.com/acme/checkout': 'checkout-api',
          'https://github.com/acme/mono.git': ['cart', 'billing'],
        },
        settle_minutes: 15,
      },
      destinations: [
        {
          name: 'w',
          type: 'webhook',
          url: 'http://127.0.0.1:9999/x',
          secret: 'env:S',
          format: 'cloudevents-binary',
          allow_private: true,
        },
      ],
    });
  });

  it.each<[string, string, string]>([
    [
      'an unknown key',
      'unmached: hold',
      'bridge.yml:1 unmached: unknown key "unmached"; did you mean "unmatched"?',
    ],
    [
      'an unknown key inside a mapping',
      '\nauthenticate:\n  signing_secret: ssm:/x',
      'bridge.yml:3 authenticate.signing_secret: unknown key "signing_secret"; did you mean "signing_secrets"?',
    ],
    [
      'an unknown key that resembles nothing',
      'zzzzzzzz: 1',
      'bridge.yml:1 zzzzzzzz: unknown key "zzzzzzzz"; known are authenticate, default_env',
    ],
    [
      'an unknown key that is a part of one',
      'aliases: { a: b }',
      'bridge.yml:1 aliases: unknown key "aliases"; did you mean "account_aliases"?',
    ],
    [
      'a key of a destination at the top',
      'only: { urgencies: [high] }',
      'bridge.yml:1 only: unknown key "only"; it belongs to a destination, below destinations:; what is to hold for all that are told of failures is `counts`',
    ],
    [
      'another key of a destination at the top',
      'events: [incident.triggered]',
      'bridge.yml:1 events: unknown key "events"; it belongs to a destination, below destinations:',
    ],
    [
      'an account that is renamed by its address',
      'account_aliases: { "https://acme-new.pagerduty.com": acme }',
      'account_aliases.https://acme-new.pagerduty.com: must be the name of an account, which is what stands before .pagerduty.com',
    ],
    [
      'a live catalog under the name that files have',
      'catalog_sources: [{ name: default, type: backstage, url: "https://a.b", token: "env:T" }]',
      'catalog_sources[0].name: "default" is the source that files are pushed as',
    ],
    [
      'two ways to ask PagerDuty',
      'pagerduty: { token: "env:T", oauth: { client_id: a, client_secret: "env:S", subdomain: acme } }',
      'bridge.yml:1 pagerduty: has both token and oauth; one of them is enough',
    ],
    [
      'switching subscriptions on with a key that only reads',
      'pagerduty: { token: "env:T", reenable: true }',
      'bridge.yml:1 pagerduty: has reenable without write_token',
    ],
    [
      'switching subscriptions on by what is off',
      'pagerduty: { token: "env:T", write_token: "env:W", reconcile: off, reenable: true }',
      'bridge.yml:1 pagerduty: has reenable, which reconcile does, with reconcile: off',
    ],
    [
      'a time at which nothing can be reconciled',
      'pagerduty: { token: "env:T", reconcile: daily }',
      'bridge.yml:1 pagerduty.reconcile',
    ],
    ['a region that PagerDuty does not have', 'pagerduty: { region: de }', 'bridge.yml:1 pagerduty.region'],
    [
      'a token as it is',
      'pagerduty: { token: u+secret }',
      'bridge.yml:1 pagerduty.token: must be a reference',
    ],
    [
      'a git host twice',
      'git_hosts: [{ type: github, token: "env:T" }, { type: gitlab, token: "env:T", host: GitHub.com }]',
      'git_hosts[1]: is github.com again, which is git_hosts[0]; name each host once',
    ],
    [
      'a misspelt key of a git host',
      'git_hosts: [{ type: github, tokn: "env:T" }]',
      'git_hosts[0].tokn: unknown key "tokn"; did you mean "token"?',
    ],
    [
      'the token of a git host itself',
      'git_hosts: [{ type: github, token: ghp_canary }]',
      'git_hosts[0].token: must be a reference',
    ],
    [
      'a second document',
      'names: exact\n---\nnames: loose',
      'bridge.yml:2 a second document begins here (---); the configuration is one',
    ],
    ['a site as Datadog calls it', datadog('site: us1.datadoghq.com'), 'did you mean datadoghq.com?'],
    [
      'a site of Europe as Datadog calls it',
      datadog('site: eu1.datadoghq.com'),
      'did you mean datadoghq.eu?',
    ],
    [
      'a site of the government as Datadog calls it',
      datadog('site: us1.ddog-gov.com'),
      'did you mean ddog-gov.com?',
    ],
    [
      'a word that is none of the choices',
      'unmatched: holdd',
      'must be "hold", "passthrough" or "drop", not "holdd"',
    ],
    [
      'a number for a text',
      'default_env: 1',
      'default_env: must be a text (in quotes if it looks like something else)',
    ],
    ['an empty text', 'default_env: ""', 'default_env: must not be empty'],
    ['a list for a mapping', 'retry: [1]', 'retry: must be a mapping of keys, not a list'],
    ['a text for a list', 'destinations: console', 'destinations: must be a list, not a string'],
    ['a text for a destination', 'destinations: [console]', 'destinations[0]: must be a mapping of keys'],
    ['a list for the whole', '- a', 'bridge.yml:1 must be a mapping of keys, not a list'],
    ['no horizon at all', 'retry: { horizon_hours: 0 }', 'retry.horizon_hours: must be more than 0'],
    ['too short a retention', 'retention_days: 29', 'retention_days: must be at least 30'],
    ['metrics kept too shortly', 'metrics_retention_days: 7', 'metrics_retention_days: must be at least 30'],
    ['a window before the deployment', 'link: { window_hours: -1 }', 'link.window_hours: must be at least 0'],
    [
      'a key of ingest with a slip of the pen',
      'ingest: { api_key: "env:K" }',
      'ingest.api_key: unknown key "api_key"; did you mean "api_keys"?',
    ],
    [
      'a key of github in ingest',
      'ingest: { github: { secrets: "env:K" } }',
      'ingest.github.secrets: unknown key "secrets"; did you mean "secret"?',
    ],
    [
      'a repository that is none',
      'ingest: { repositories: { checkout: checkout-api } }',
      'ingest.repositories.checkout: is no repository; write it as host and path, such as github.com/acme/checkout',
    ],
    [
      'a repository twice',
      'ingest: { repositories: { "github.com/acme/a": a, "git@github.com:acme/A.git": b } }',
      'is the same repository as github.com/acme/a',
    ],
    [
      'a repository without services',
      'ingest: { repositories: { "github.com/acme/a": [] } }',
      'must name at least one service',
    ],
    ['half a day of retention', 'retention_days: 30.5', 'retention_days: must be a whole number'],
    [
      'a retention that ends within the horizon and a week',
      'retention_days: 30\nretry: { horizon_hours: 552 }',
      'bridge.yml:1 retention_days: must be more than retry.horizon_hours plus 7 days (30 days)',
    ],
    [
      'a type that is unknown',
      'destinations:\n  - { name: x, type: webhok }',
      'bridge.yml:2 destinations[0].type: must be',
    ],
    [
      'a type that is missing',
      'destinations: [{ name: x }]',
      'destinations[0].type: is missing; must be "console", "webhook"',
    ],
    [
      'a key of another type',
      'destinations:\n  - name: x\n    type: console\n    url: https://example.com',
      'bridge.yml:4 destinations[0].url: unknown key "url"',
    ],
    ['a name that is missing', 'destinations: [{ type: console }]', 'destinations[0].name: is missing'],
    [
      'a name no database key should have',
      'destinations: [{ name: "A#b", type: console }]',
      'destinations[0].name: must be 1 to 64',
    ],
    [
      'a name that is taken',
      'destinations:\n  - { name: a, type: console }\n  - { name: a, type: console }',
      'bridge.yml:3 destinations[1].name: "a" is already the name of destinations[0]',
    ],
    [
      'plain http to elsewhere',
      webhook('url: "http://example.com"'),
      'destinations[0].url: must begin with https://',
    ],
    [
      'http to a look-alike of loopback',
      webhook('url: "http://127.0.0.1.example.com"'),
      'must begin with https://',
    ],
    ['another protocol', webhook('url: "ftp://example.com"'), 'must begin with https://, not ftp://'],
    ['a URL that is none', webhook('url: example.com'), 'must be a complete URL'],
    [
      'credentials in a URL',
      webhook('url: "https://u:p@example.com"'),
      'must not contain a user name or password',
    ],
    [
      'a URL that is missing',
      'destinations: [{ name: w, type: webhook }]',
      'destinations[0].url: is missing',
    ],
    [
      'a mistyped event type',
      webhook('url: "https://a.b", events: [incident.trigered]'),
      'did you mean incident.triggered?',
    ],
    [
      'something that is no event type',
      webhook('url: "https://a.b", events: ["*"]'),
      'must be an event type',
    ],
    [
      'a source that is none',
      webhook('url: "https://a.b", only: { sources: [pagerdty] }'),
      'is no source; the sources are pagerduty, dora_api, cdevents, github, gitlab, telemetry, datadog; did you mean pagerduty?',
    ],
    [
      'a source that is like none',
      'counts: { not: { sources: [monitoring] } }',
      'is no source; the sources are',
    ],
    ['no event type', webhook('url: "https://a.b", events: []'), 'must name at least one event type'],
    [
      'a format this type has not',
      'destinations: [{ name: c, type: console, format: cloudevents-binary }]',
      'must be "event"',
    ],
    [
      'a queue that is not at SQS',
      'destinations: [{ name: q, type: sqs, queue_url: "https://sqs.eu-central-1.amazonaws.com.evil.example/123456789012/q" }]',
      'queue_url: is not at SQS',
    ],
    ['no delivery at once', webhook('url: "https://a.b", max_in_flight: 0'), 'must be at least 1'],
    ['too many at once', webhook('url: "https://a.b", max_in_flight: 101'), 'must be at most 100'],
    ['half a delivery at once', webhook('url: "https://a.b", max_in_flight: 1.5'), 'must be a whole number'],
    ['too long a timeout', webhook('url: "https://a.b", timeout_seconds: 60'), 'must be at most 30 seconds'],
    [
      'a slip in a Datadog site',
      datadog('site: datadog.com'),
      'is not a Datadog site; did you mean datadoghq.com?',
    ],
    ['swapped letters in one', datadog('site: datadoghq.ue'), 'did you mean datadoghq.eu?'],
    ['a slip in a region’s site', datadog('site: ap9.datadohq.com'), 'did you mean ap9.datadoghq.com?'],
    ['the address of a page', datadog('site: "https://app.datadoghq.eu/"'), 'did you mean datadoghq.eu?'],
    ['a host that is no site', datadog('site: example.com'), 'is not a Datadog site, such as datadoghq.com'],
    ['a look-alike of a site', datadog('site: datadoghq.com.example.com'), 'is not a Datadog site, such as'],
    ['a region where there are none', datadog('site: us1.datadoghq.eu'), 'is not a Datadog site, such as'],
    ['a tag without a value', datadog('tags: [prod]'), 'must be key:value'],
    [
      'a Datadog without a key',
      'destinations: [{ name: d, type: datadog }]',
      'destinations[0].api_key: is missing',
    ],
    [
      'a bus that is none',
      'destinations: [{ name: b, type: eventbridge, bus: "a b" }]',
      'must be the name or ARN of an event bus',
    ],
    [
      'a topic that is none',
      'destinations: [{ name: t, type: sns, topic_arn: x }]',
      'must be the ARN of a topic',
    ],
    [
      'a region that is none',
      'destinations: [{ name: b, type: eventbridge, region: Frankfurt }]',
      'must be an AWS region',
    ],
    [
      'a misspelled key of a choice',
      webhook('url: "https://a.b", only: { priority: [P1] }'),
      'destinations[0].only.priority: unknown key "priority"; did you mean "priorities"?',
    ],
    [
      'a misspelled key of what is not wanted',
      'counts:\n  not: { sevices: [x] }',
      'bridge.yml:2 counts.not.sevices: unknown key "sevices"; did you mean "services"?',
    ],
    [
      'a misspelled key in a list of what is not wanted',
      'counts:\n  not:\n    - { envs: [test] }\n    - { tems: [x] }',
      'bridge.yml:4 counts.not[1].tems: unknown key "tems"; did you mean "teams"?',
    ],
    [
      'what is not wanted within what is not wanted',
      'counts: { not: { not: { envs: [a] } } }',
      'unknown key "not"',
    ],
    ['a choice without a key', 'counts: {}', 'counts: must have at least one key of priorities'],
    ['a list without a name', 'counts: { teams: [] }', 'counts.teams: must name at least one'],
    ['a text for a list of a choice', 'counts: { teams: a }', 'counts.teams: must be a list, not a string'],
    ['a text for yes or no', 'counts: { person: "yes" }', 'counts.person: must be true or false'],
    ['an urgency that is none', 'counts: { urgencies: [hihg] }', 'counts.urgencies[0]: must be high or low'],
    ['broken YAML', 'a: [', 'bridge.yml:1 not valid YAML'],
    ['a key twice', 'default_env: a\ndefault_env: b', 'bridge.yml:2 not valid YAML: Map keys must be unique'],
  ])('refuses %s', (_, text, message) => {
    expect(faultsOf(text)?.join('\n')).toContain(message);
  });

  it('reports every fault, in the order of the lines', () => {
    const faults = faultsOf(
      'unmached: hold\ndefault_env: ""\ndestinations:\n  - { name: X, type: console, foo: 1 }',
    );
    expect(faults?.map((fault) => fault.split(' ')[0])).toEqual([
      'bridge.yml:1',
      'bridge.yml:2',
      'bridge.yml:4',
      'bridge.yml:4',
    ]);
  });

  it.each(['signing_secrets', 'api_keys'])('never repeats a secret that was written into %s', (key) => {
    const text = faultsOf(`authenticate: { ${key}: whsec_CANARY }`)?.join('\n');
    expect(text).toContain(`authenticate.${key}: must be a reference, env:NAME`);
    expect(text).not.toContain('CANARY');
  });

  it.each([
    webhook('url: "https://example.com", secret: CANARY'),
    webhook('url: "http://example.com/CANARY"'),
    webhook('url: "https://CANARY:CANARY@example.com"'),
    datadog('application_key: CANARY'),
  ])('never repeats what may be a secret of a destination', (text) => {
    expect(faultsOf(text)?.join('\n')).toMatch(/^bridge\.yml:\d+ destinations\[0\]/);
    expect(faultsOf(text)?.join('\n')).not.toContain('CANARY');
  });

  it('wants the application key where change failures are to be marked at Datadog', () => {
    const marking = 'report: [failures, change_failures, events]';
    expect(faultsOf(datadog(marking))).toEqual([
      expect.stringContaining(
        'destinations[0].application_key: is required where report has change_failures',
      ),
    ]);
    expect(faultsOf(datadog(`${marking}, application_key: "env:APP"`))).toBeUndefined();
  });

  it('wants the application key where Datadog is to be asked for what it has detected', () => {
    const polling = 'datadog_deployments: poll';
    expect(faultsOf(datadog(polling))).toEqual([
      expect.stringContaining(
        'destinations[0].application_key: is required where datadog_deployments is poll',
      ),
    ]);
    expect(faultsOf(datadog(`${polling}, application_key: "env:APP"`))).toBeUndefined();
    expect(faultsOf(datadog('datadog_deployments: push'))?.join()).toContain('datadog_deployments');
  });

  it('accepts event types PagerDuty may add', () => {
    expect(faultsOf(webhook('url: "https://a.b", events: [incident.teleported]'))).toBeUndefined();
  });

  it.each(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1', 'https://example.com/a?b=c'])(
    'accepts %s',
    (url) => {
      expect(faultsOf(webhook(`url: "${url}"`))).toBeUndefined();
    },
  );
});

function datadog(rest: string): string {
  return `destinations: [{ name: d, type: datadog, api_key: "env:K", ${rest} }]`;
}

describe('which incidents count', () => {
  const only = { priorities: ['P1'], not: [{ services: ['load test'] }] };
  const yaml = '{ priorities: [P1], not: [{ services: [load test] }] }';

  it('is kept as it is written, at a destination and for all', () => {
    const { config } = parseBridgeConfig(`counts: ${yaml}\n${webhook(`url: "https://a.b", only: ${yaml}`)}`);
    expect(config).toMatchObject({ counts: only, destinations: [{ only }] });
  });

  it.each<[string, string, boolean]>([
    ['datadog', '{ name: d, type: datadog, api_key: "env:DD" }', true],
    ['CDEvents', '{ name: w, type: webhook, url: "https://a.b", format: cdevents }', true],
    ['a console with CDEvents', '{ name: c, type: console, format: cdevents }', true],
    ['other webhooks', '{ name: w, type: webhook, url: "https://a.b" }', false],
    ['other consoles', '{ name: c, type: console }', false],
  ])('is told to those who are told of failures: %s', (_, destination, told) => {
    const [parsed] =
      parseBridgeConfig(`counts: ${yaml}\ndestinations: [${destination}]`).config?.destinations ?? [];
    expect(parsed?.counts).toEqual(told ? only : undefined);
  });
});

/** Beside what it is about; said wherever Datadog is told of failures. */
const failuresEnd = 'takes them until 31 December 2026';
const besidesTheirEnd = <T extends { message: string }>(warnings: readonly T[] = []) =>
  warnings.filter(({ message }) => !message.includes(failuresEnd));

it.each([
  ['', 1],
  ['report: [failures]', 1],
  ['report: [failures, deployments]', 1],
  ['report: [deployments]', 0],
])('says until when Datadog takes failures: %s', (report, times) => {
  const said = parseBridgeConfig(datadog(report)).warnings?.filter(({ message }) =>
    message.includes(failuresEnd),
  );
  expect(said?.map(({ path }) => path)).toEqual(Array(times).fill('destinations[0].report'));
});

describe('a Datadog site', () => {
  it.each(['datadoghq.com', 'us3.datadoghq.com', 'ap2.datadoghq.com', 'uk1.datadoghq.com', 'datadoghq.eu'])(
    'may be %s, without advice to use another',
    (site) => {
      const { config, warnings } = parseBridgeConfig(datadog(`site: ${site}`));
      expect([config?.destinations[0]?.['site'], besidesTheirEnd(warnings)]).toEqual([site, []]);
    },
  );

  it.each(['ddog-gov.com', 'us2.ddog-gov.com'])('may be %s, with a warning', (site) => {
    expect(besidesTheirEnd(parseBridgeConfig(datadog(`site: ${site}`)).warnings)).toMatchObject([
      {
        path: 'destinations[0].site',
        message: 'Datadog does not offer DORA metrics on its government sites',
      },
    ]);
  });
});

describe('what is allowed and probably not meant', () => {
  it.each([
    ['', 'nobody is configured: incident events go nowhere'],
    ['destinations:\n  - { name: screen, type: console }', 'only the console is configured'],
  ])('is said where nothing leaves: %j', (text, message) => {
    expect(parseBridgeConfig(text).warnings).toMatchObject([
      { path: 'destinations', message: expect.stringContaining(message) },
    ]);
  });

  const warningsOf = (destination: string) =>
    besidesTheirEnd(parseBridgeConfig(`destinations:\n  - ${destination}`).warnings).map((each) =>
      describeFault(each, 'b.yml'),
    );
  const datadog = (events: string) => `{ name: d, type: datadog, api_key: "env:DD", events: [${events}] }`;
  const cdevents = (events: string) =>
    `{ name: w, type: webhook, url: "https://a.b", format: cdevents, events: [${events}] }`;

  it.each([
    ['starts without ends', datadog('incident.triggered')],
    ['starts without ends as CDEvents', cdevents('incident.triggered, incident.acknowledged')],
    ['reopenings without ends', datadog('incident.reopened')],
  ])('is said of %s', (_, destination) => {
    expect(warningsOf(destination)).toEqual([
      expect.stringContaining('b.yml:2 destinations[0].events: lets starts through and no ends'),
    ]);
  });

  it.each([
    [
      '{ name: d, type: datadog, api_key: "env:DD", report: [deployments] }',
      ['b.yml:2 destinations[0].report: deployments: whatever reports to Datadog itself'],
    ],
    ['{ name: d, type: datadog, api_key: "env:DD", report: [failures] }', []],
    [
      '{ name: p, type: pagerduty_change, routing_key: "env:PD", events: [incident.resolved] }',
      ['b.yml:2 destinations[0].events: names no deployment event'],
    ],
    ['{ name: p, type: pagerduty_change, routing_key: "env:PD" }', []],
  ])('is said of deployments that are told twice, or never: %s', (destination, beginnings) => {
    expect(warningsOf(destination)).toEqual(beginnings.map((each) => expect.stringContaining(each)));
  });

  it.each([
    ['"deployment.*", "incident.*"', undefined],
    ['deployment.finished', undefined],
    ['deployment.finnished', 'did you mean deployment.finished?'],
    ['"*"', 'must be an event type'],
  ])('events may be [%s]: %s', (events, fault) => {
    const hook = `{ name: w, type: webhook, url: "https://a.b", events: [${events}] }`;
    const { faults } = parseBridgeConfig(`destinations:\n  - ${hook}`);
    expect(faults?.[0]?.message).toEqual(fault && expect.stringContaining(fault));
  });

  it.each([
    [
      'warns',
      'ingest: {}',
      '',
      [expect.stringContaining('destinations[0].only: is told of incidents that other')],
    ],
    [
      'says nothing where the sources are named',
      'ingest: {}',
      ', only: { sources: [pagerduty, dora_api] }',
      [],
    ],
    ['says nothing where nobody may report', '', '', []],
  ])('%s of incidents that Datadog may be told twice', (_what, top, more, expected) => {
    const text = `${top}\ndestinations:\n  - { name: d, type: datadog, api_key: "ssm:/a"${more} }`;
    const { warnings } = parseBridgeConfig(text);
    const told = besidesTheirEnd(warnings).map((each) => describeFault(each, 'b.yml'));
    expect(told).toEqual(expected);
  });

  it('is said where reopenings are left out', () => {
    const [warning] = warningsOf(cdevents('incident.triggered, incident.resolved')) ?? [];
    expect(warning).toContain('leaves incident.reopened out: a reopened incident would be resolved twice');
  });

  it.each([
    datadog('incident.triggered, incident.resolved, incident.reopened'),
    datadog('incident.priority_updated'),
    '{ name: d, type: datadog, api_key: "env:DD" }',
    '{ name: w, type: webhook, url: "https://a.b", events: [incident.triggered] }',
  ])('is not said of %s', (destination) => {
    expect(warningsOf(destination)).toEqual([]);
  });
});

describe('names of which one is never looked at', () => {
  const said = (text: string) =>
    parseBridgeConfig(text)
      .warnings?.map((each) => describeFault(each, 'b.yml'))
      .filter((each) => !each.includes('nobody is configured') && !each.includes('only the console'));

  it.each([
    ['env_names: { production: prod, Production: live }', 'env_names.Production: is the name "production"'],
    ['severity: { P1: SEV-1, "p1 ": SEV-2 }', 'severity.p1 : is the name "P1" in another spelling'],
    ['account_aliases: { acme-new: acme, ACME-NEW: other }', 'account_aliases.ACME-NEW: is the name'],
    [
      'env_names: { production: prod }\ncounts: { envs: [Production] }',
      'counts.envs: no incident has the environment "Production": env_names makes it "prod"',
    ],
    [
      'env_names: { production: prod }\ncounts: { not: [{ envs: [test] }, { envs: [production] }] }',
      'counts.not.envs: no incident has the environment "production"',
    ],
    [
      'env_names: { a: b }\ndestinations: [{ name: s, type: console, only: { envs: [b, a] } }]',
      'destinations[0].only.envs: no incident has the environment "a"',
    ],
  ])('are said: %s', (text, warning) => {
    expect(said(text)).toEqual([expect.stringContaining(warning)]);
  });

  it.each([
    'env_names: { production: prod, PRODUCTION: prod, staging: stage }',
    'env_names: { production: prod }\ncounts: { envs: [prod, test] }',
    'env_names: { a: b, b: a }\ncounts: { envs: [a, b] }',
  ])('are not there: %s', (text) => {
    expect(said(text)).toEqual([]);
  });
});

it('says on which line an alias stands inside of what it stands for', () => {
  const { faults = [] } = parseBridgeConfig('destinations: []\nseverity: &all\n  P1: *all\n');
  expect(faults).toEqual([{ path: '', line: 3, message: '*all stands inside of what it stands for' }]);
});

it.each([['{ a: b, b: c }'], ['{ acme-new: acme, acme: acme-new }'], ['{ a: A }']])(
  'refuses aliases of accounts that lead to aliases: %s',
  (aliases) => {
    const { faults = [] } = parseBridgeConfig(`account_aliases: ${aliases}\n`);
    expect(faults[0]).toMatchObject({ message: expect.stringContaining('which is an alias itself') });
  },
);
