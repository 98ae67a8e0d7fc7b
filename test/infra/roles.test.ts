import { createWorkspace, permissionsOf, type Template, type Workspace } from './packaged-service.ts';
import { type RecordedCall, recordCalls } from './recorded-calls.ts';

/** Every kind of secret and target there is. */
const config = `
authenticate:
  signing_secrets: ssm:/bridge/signing
  api_keys: ssm:/bridge/keys
destinations:
  - { name: hook, type: webhook, url: "https://hooks.example.com/x", secret: "ssm:/bridge/hook" }
  - { name: bus, type: eventbridge, bus: incidents }
  - { name: queue, type: sqs, queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/incidents" }
  - { name: topic, type: sns, topic_arn: "arn:aws:sns:eu-central-1:123456789012:incidents" }
ingest:
  api_keys: ssm:/bridge/ingest
  application_keys: ssm:/bridge/manage
  github: { secret: "ssm:/bridge/github" }
  gitlab: { token: "ssm:/bridge/gitlab" }
git_hosts:
  - { type: github, token: "ssm:/bridge/git" }
catalog_sources:
  - { name: portal, type: backstage, url: "https://backstage.example.com", token: "ssm:/bridge/portal" }
  - { name: datadog, type: datadog, api_key: "ssm:/bridge/api", application_key: "ssm:/bridge/application" }
pagerduty: { token: "ssm:/bridge/pagerduty", write_token: "ssm:/bridge/pagerduty-write", reenable: true }
`;

let workspace: Workspace;
let template: Template;
let calls: RecordedCall[];

beforeAll(async () => {
  workspace = createWorkspace();
  const built = await workspace.build(config);
  if (built.code !== 0) throw new Error(built.output);
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/abc-1';
  template = await workspace.packageTemplate('--param', `secrets_kms_key_arn=${key}`);
  calls = await recordCalls();
});
afterAll(() => workspace.remove());

const roles = [
  'ReceiveRole',
  'ForwardRole',
  'SweepRole',
  'CatalogSyncRole',
  'IngestRole',
  'ReconcileRole',
] as const;

describe('the roles', () => {
  it('are one for each function, for Lambda only', () => {
    const all = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(all.map(([id]) => id).sort()).toEqual([...roles].sort());
    for (const [, { Properties }] of all) {
      const [statement] = Properties.AssumeRolePolicyDocument.Statement;
      expect(statement.Principal).toEqual({ Service: 'lambda.amazonaws.com' });
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  it.each(roles)('%s has no wildcard in an action or a resource', (role) => {
    const permissions = permissionsOf(template, role);
    expect(permissions.length).toBeGreaterThan(2);
    for (const { action, resource } of permissions) expect(`${action} ${resource}`).not.toContain('*');
  });

  it('give receive nothing but two tables to write, its log, and the secrets it authenticates with', () => {
    expect(permissionsOf(template, 'ReceiveRole').map(short)).toEqual([
      'logs:CreateLogStream ReceiveLogGroup',
      'logs:PutLogEvents ReceiveLogGroup',
      'dynamodb:PutItem EventsTable',
      'dynamodb:PutItem StateTable',
      'ssm:GetParameter /bridge/signing',
      'ssm:GetParameter /bridge/keys',
      'kms:Decrypt key/abc-1',
    ]);
  });

  it.each(['ForwardRole', 'SweepRole'])(
    'give %s the secrets and targets of bridge.yml, and no other',
    (role) => {
      const beyond = permissionsOf(template, role).filter(({ action }) => !/^(logs|dynamodb):/.test(action));
      const ofStream = role === 'ForwardRole' ? ['sqs:SendMessage ForwardFailures'] : [];
      expect(beyond.map(short)).toEqual([
        ...ofStream,
        'ssm:GetParameter /bridge/hook',
        'events:PutEvents event-bus/incidents',
        'sqs:SendMessage incidents',
        'sns:Publish incidents',
        // Tokens of git hosts and of PagerDuty are for the one function that asks them.
        ...(role === 'SweepRole'
          ? ['ssm:GetParameter /bridge/git', 'ssm:GetParameter /bridge/pagerduty']
          : []),
        'kms:Decrypt key/abc-1',
      ]);
    },
  );

  it('give ingest the keys, secrets and tokens of those who report, and no other', () => {
    const beyond = permissionsOf(template, 'IngestRole').filter(
      ({ action }) => !action.startsWith('dynamodb:'),
    );
    expect(beyond.map(short)).toEqual([
      'logs:CreateLogStream IngestLogGroup',
      'logs:PutLogEvents IngestLogGroup',
      'ssm:GetParameter /bridge/ingest',
      'ssm:GetParameter /bridge/manage',
      'ssm:GetParameter /bridge/github',
      'ssm:GetParameter /bridge/gitlab',
      'kms:Decrypt key/abc-1',
    ]);
  });

  it('give reconcile the keys PagerDuty is asked with, and no other secret', () => {
    const beyond = permissionsOf(template, 'ReconcileRole').filter(
      ({ action }) => !action.startsWith('dynamodb:'),
    );
    expect(beyond.map(short)).toEqual([
      'logs:CreateLogStream ReconcileLogGroup',
      'logs:PutLogEvents ReconcileLogGroup',
      'ssm:GetParameter /bridge/pagerduty',
      'ssm:GetParameter /bridge/pagerduty-write',
      'kms:Decrypt key/abc-1',
    ]);
  });

  it('give catalog-sync one table, and the secrets of the live catalogs alone', () => {
    const beyond = permissionsOf(template, 'CatalogSyncRole').filter(
      ({ action }) => !action.startsWith('logs:'),
    );
    expect([...new Set(beyond.map(({ resource }) => resource))].slice(0, 1)).toEqual(['CatalogTable.Arn']);
    expect(beyond.filter(({ action }) => !action.startsWith('dynamodb:')).map(short)).toEqual([
      'ssm:GetParameter /bridge/portal',
      'ssm:GetParameter /bridge/api',
      'ssm:GetParameter /bridge/application',
      'kms:Decrypt key/abc-1',
    ]);
  });
});

describe('what the handlers call in DynamoDB is what their roles allow', () => {
  const recorded = (fn: string) =>
    [
      ...new Set(
        calls.filter((call) => call.by === fn).map(({ action, resource }) => `${action} ${resource}`),
      ),
    ].sort();
  const allowed = (role: string) =>
    permissionsOf(template, role)
      .filter(({ action }) => action.startsWith('dynamodb:') && !streamActions.has(action))
      .map(({ action, resource }) => `${action} ${resource.replace('.Arn', '')}`)
      .sort();
  /** Lambda's own, to read the stream for forward. */
  const streamActions = new Set(
    ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`),
  );

  it.each([
    ['receive', 'ReceiveRole'],
    ['forward', 'ForwardRole'],
    ['sweep', 'SweepRole'],
    ['catalog-sync', 'CatalogSyncRole'],
    ['ingest', 'IngestRole'],
    ['reconcile', 'ReconcileRole'],
  ])('%s', (fn, role) => {
    expect(recorded(fn)).toEqual(allowed(role));
  });

  it('and only forward may read the stream', () => {
    const readers = roles.filter((role) =>
      permissionsOf(template, role).some(({ action }) => streamActions.has(action)),
    );
    expect(readers).toEqual(['ForwardRole']);
  });
});

/** The end of an ARN, or the logical id. */
function short({ action, resource }: { action: string; resource: string }): string {
  const name = resource
    .replace(/\.Arn$/, '')
    .split(/:parameter(?=\/)|AccountId\}:(?!parameter)|\d:/)
    .at(-1);
  return `${action} ${name}`;
}
