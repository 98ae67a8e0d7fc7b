import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import {
  capitalized,
  createWorkspace,
  namesInZip,
  type Template,
  type Workspace,
  withEveryFunction,
} from './packaged-service.ts';

let workspace: Workspace;
let template: Template;
let prod: Template;
let full: Template;
let named: Template;

beforeAll(async () => {
  const other = createWorkspace();
  await other.build(withEveryFunction);
  full = await other.packageTemplate('--param', 'catalog_sync_hours=6');
  named = await other.packageTemplate(
    ...['--region', 'eu-west-1', '--param', 'api_domain=api.bridge.example.com'],
    ...['--param', 'api_certificate_arn=arn:aws:acm:eu-west-1:123456789012:certificate/abc-1'],
  );
  other.remove();
  workspace = createWorkspace();
  const built = await workspace.build();
  if (built.code !== 0) throw new Error(built.output);
  prod = await workspace.packageTemplate(
    ...['--stage', 'prod', '--region', 'eu-west-1', '--param', 'front_door=function-url'],
    ...['--param', 'alarm_email=oncall@example.com', '--param', 'reserved_concurrency=7'],
    ...['--param', 'log_retention_days=90', '--param', 'silent_hours=6'],
    ...['--param', 'secrets_kms_key_arn=arn:aws:kms:eu-west-1:123456789012:key/abc-1'],
  );
  template = await workspace.packageTemplate();
});
afterAll(() => workspace.remove());

const ofType = (from: Template, type: string) =>
  Object.entries(from.Resources).filter(([, resource]) => resource.Type === type);
const properties = (id: string, from = template) => from.Resources[id]?.Properties;

const always = [
  'Alarms AWS::SNS::Topic',
  'CatalogTable AWS::DynamoDB::Table',
  'Dashboard AWS::CloudWatch::Dashboard',
  'DeliveriesTable AWS::DynamoDB::Table',
  'DeploymentsTable AWS::DynamoDB::Table',
  'DestinationsTable AWS::DynamoDB::Table',
  'EventsTable AWS::DynamoDB::Table',
  'ForwardEventSourceMappingDynamodbEventsTable AWS::Lambda::EventSourceMapping',
  'ForwardFailures AWS::SQS::Queue',
  'ForwardLambdaFunction AWS::Lambda::Function',
  'ForwardLogGroup AWS::Logs::LogGroup',
  'ForwardRole AWS::IAM::Role',
  'IncidentsTable AWS::DynamoDB::Table',
  'MappingsTable AWS::DynamoDB::Table',
  'OutgoingTable AWS::DynamoDB::Table',
  'ReceiveAccess AWS::IAM::Policy',
  'ReceiveLambdaFunction AWS::Lambda::Function',
  'ReceiveLogGroup AWS::Logs::LogGroup',
  'ReceiveRole AWS::IAM::Role',
  'ServerlessDeploymentBucket AWS::S3::Bucket',
  'ServerlessDeploymentBucketPolicy AWS::S3::BucketPolicy',
  'StateTable AWS::DynamoDB::Table',
  'SweepEventsRuleSchedule1 AWS::Events::Rule',
  'SweepLambdaEvConf AWS::Lambda::EventInvokeConfig',
  'SweepLambdaFunction AWS::Lambda::Function',
  'SweepLambdaPermissionEventsRuleSchedule1 AWS::Lambda::Permission',
  'SweepLogGroup AWS::Logs::LogGroup',
  'SweepRole AWS::IAM::Role',
];

describe('what is deployed', () => {
  const all = (from: Template) =>
    Object.entries(from.Resources)
      .filter(([, { Type }]) => Type !== 'AWS::CloudWatch::Alarm')
      .map(([id, { Type }]) => `${id} ${Type}`)
      .sort();

  it('is this and nothing else, with an HTTP API', () => {
    const frontDoor = [
      'HttpApi AWS::ApiGatewayV2::Api',
      'HttpApiIntegrationReceive AWS::ApiGatewayV2::Integration',
      'HttpApiRouteDefault AWS::ApiGatewayV2::Route',
      'HttpApiRoutePostWebhooksPagerduty AWS::ApiGatewayV2::Route',
      'HttpApiStage AWS::ApiGatewayV2::Stage',
      'ReceiveLambdaPermissionHttpApi AWS::Lambda::Permission',
    ];
    expect(all(template)).toEqual([...always, ...frontDoor].sort());
  });

  it('is this and nothing else, with a Function URL and a mail address', () => {
    const asked = [
      'AlarmMail AWS::SNS::Subscription',
      'ReceiveUrl AWS::Lambda::Url',
      'ReceiveUrlInvokePermission AWS::Lambda::Permission',
      'ReceiveUrlPermission AWS::Lambda::Permission',
    ];
    expect(all(prod)).toEqual([...always, ...asked].sort());
  });

  it('is this much more where bridge.yml names live catalogs and lets others report', () => {
    const more = [
      'CatalogSyncAccess AWS::IAM::Policy',
      'CatalogSyncEventsRuleSchedule1 AWS::Events::Rule',
      'CatalogSyncLambdaEvConf AWS::Lambda::EventInvokeConfig',
      'CatalogSyncLambdaFunction AWS::Lambda::Function',
      'CatalogSyncLambdaPermissionEventsRuleSchedule1 AWS::Lambda::Permission',
      'CatalogSyncLogGroup AWS::Logs::LogGroup',
      'CatalogSyncRole AWS::IAM::Role',
      'IngestAccess AWS::IAM::Policy',
      'IngestApi AWS::ApiGatewayV2::Api',
      'IngestIntegration AWS::ApiGatewayV2::Integration',
      'IngestLambdaFunction AWS::Lambda::Function',
      'IngestLogGroup AWS::Logs::LogGroup',
      'IngestPermission AWS::Lambda::Permission',
      'IngestRole AWS::IAM::Role',
      'IngestRoute AWS::ApiGatewayV2::Route',
      'IngestStage AWS::ApiGatewayV2::Stage',
      'ReconcileAccess AWS::IAM::Policy',
      'ReconcileEventsRuleSchedule1 AWS::Events::Rule',
      'ReconcileLambdaEvConf AWS::Lambda::EventInvokeConfig',
      'ReconcileLambdaFunction AWS::Lambda::Function',
      'ReconcileLambdaPermissionEventsRuleSchedule1 AWS::Lambda::Permission',
      'ReconcileLogGroup AWS::Logs::LogGroup',
      'ReconcileRole AWS::IAM::Role',
      'SweepAccess AWS::IAM::Policy',
    ];
    expect(all(full).filter((each) => !all(template).includes(each))).toEqual(more);
    const alarmsOf = (from: Template) => ofType(from, 'AWS::CloudWatch::Alarm').map(([id]) => id);
    expect(
      alarmsOf(full)
        .filter((id) => !alarmsOf(template).includes(id))
        .sort(),
    ).toEqual([
      'CatalogSyncFailingAlarm',
      'CatalogSyncRefusedAlarm',
      'DeploymentsHeldAlarm',
      'IngestErrorsAlarm',
      'IngestFailingAlarm',
      'IngestMismatchesAlarm',
      'IngestThrottlesAlarm',
      'ReconcileRepairedAlarm',
      'ReconcileStoppedAlarm',
      'SubscriptionChangedAlarm',
      'SubscriptionDisabledAlarm',
    ]);
  });

  it('is a name of its own for the API besides, where one is given', () => {
    expect(all(named).filter((each) => !all(full).includes(each))).toEqual([
      'ApiDomain AWS::ApiGatewayV2::DomainName',
      'ApiDomainMapping AWS::ApiGatewayV2::ApiMapping',
    ]);
    expect(properties('ApiDomain', named)).toMatchObject({
      DomainName: 'api.bridge.example.com',
      DomainNameConfigurations: [
        { CertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/abc-1', SecurityPolicy: 'TLS_1_2' },
      ],
    });
    // With a mapping key the paths would have something in front, and no client could reach them.
    expect(properties('ApiDomainMapping', named)).toEqual({
      ApiId: { Ref: 'IngestApi' },
      DomainName: { Ref: 'ApiDomain' },
      Stage: { Ref: 'IngestStage' },
    });
    expect(named.Outputs['ApiUrl']?.Value).toEqual({ 'Fn::Sub': 'https://api.bridge.example.com' });
    expect(named.Outputs['ApiDomainTarget']?.Value).toEqual({
      'Fn::GetAtt': ['ApiDomain', 'RegionalDomainName'],
    });
    expect(JSON.stringify(full.Outputs['ApiUrl'])).toContain(`\${IngestApi}.execute-api`);
    expect(full.Outputs).not.toHaveProperty('ApiDomainTarget');
    expect(template.Outputs).not.toHaveProperty('ApiUrl');
  });

  it('says what an operator needs to know', () => {
    const outputs = Object.keys(template.Outputs);
    const tables = tableDefinitions.map(({ name }) => `${capitalized(name)}TableName`);
    expect(outputs).toEqual(expect.arrayContaining(['WebhookUrl', 'DashboardUrl', 'TablePrefix', ...tables]));
    expect(JSON.stringify(template.Outputs['WebhookUrl'])).toContain('/webhooks/pagerduty');
    expect(JSON.stringify(prod.Outputs['WebhookUrl'])).toContain('ReceiveUrl.FunctionUrl');
  });
});

describe('the functions', () => {
  const names = ['Receive', 'Forward', 'Sweep'];

  it.each(names)('%s runs the bundle on arm64 and Node 24, and knows its tables and nothing more', (name) => {
    const fn = properties(`${name}LambdaFunction`);
    expect(fn).toMatchObject({
      Handler: `dist/${name.toLowerCase()}/index.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: { 'Fn::Sub': `\${${name}Role.Arn}` },
    });
    expect(fn.Environment.Variables).toEqual({ BRIDGE_TABLE_PREFIX: 'pagerduty-bridge-dev-' });
    expect(fn.Tags).toEqual([
      { Key: 'service', Value: 'pagerduty-bridge' },
      { Key: 'stage', Value: 'dev' },
    ]);
  });

  it.each(names)(
    '%s is deployed as the bundle with its configuration, without source map or anything else',
    (name) => {
      const folder = `dist/${name.toLowerCase()}`;
      const zip = readFileSync(path.join(workspace.folder, `.serverless/${name.toLowerCase()}.zip`));
      expect(namesInZip(zip).sort()).toEqual([`${folder}/bridge.json`, `${folder}/index.cjs`]);
    },
  );

  it('receive ends before PagerDuty gives up after 5 seconds', () => {
    expect(properties('ReceiveLambdaFunction').Timeout).toBeLessThan(5);
  });

  it('reserve concurrency for receive only if asked to', () => {
    expect(properties('ReceiveLambdaFunction')).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(properties('ReceiveLambdaFunction', prod).ReservedConcurrentExecutions).toBe(7);
    expect(properties('ForwardLambdaFunction', prod)).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it.each(names)('the logs of %s are kept as long as the parameter says', (name) => {
    expect(properties(`${name}LogGroup`).RetentionInDays).toBe(30);
    expect(properties(`${name}LogGroup`, prod).RetentionInDays).toBe(90);
  });
});

describe('the front door', () => {
  it('leads every path to receive, so that no 404 makes PagerDuty drop a webhook', () => {
    const routes = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(['$default', 'POST /webhooks/pagerduty']);
    for (const { Target } of routes) expect(JSON.stringify(Target)).toContain('HttpApiIntegrationReceive');
    expect(properties('HttpApiIntegrationReceive').PayloadFormatVersion).toBe('2.0');
  });

  it('as a Function URL has both permissions it needs, and neither allows another way in', () => {
    const permissions = ofType(prod, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter(({ Principal }) => Principal === '*')
      .map(({ FunctionName, ...rest }) => rest);
    expect(permissions).toEqual([
      { Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true },
    ]);
  });

  it('as an HTTP API lets only that API invoke receive', () => {
    const permissions = ofType(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    for (const { Principal, SourceArn } of permissions) {
      expect(Principal).not.toBe('*');
      expect(SourceArn).toBeDefined();
    }
  });
});

describe('the stream', () => {
  it('wakes forward with keys only, bounded in every respect, and ends in a queue', () => {
    expect(properties('EventsTable').StreamSpecification).toEqual({ StreamViewType: 'KEYS_ONLY' });
    const mapping = properties('ForwardEventSourceMappingDynamodbEventsTable');
    expect(mapping).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': ['EventsTable', 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['ForwardFailures', 'Arn'] } } },
    });
  });

  it('passes only new events: not the own updates of the worker, not expiry, not what is in quarantine', () => {
    const { Filters } = properties('ForwardEventSourceMappingDynamodbEventsTable').FilterCriteria;
    expect(Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
      {
        eventName: ['INSERT'],
        dynamodb: {
          Keys: { log_key: { S: [{ 'anything-but': ['quarantined'] }] } },
        },
      },
    ]);
  });

  it('has a queue behind it that keeps what was given up for two weeks, encrypted', () => {
    expect(properties('ForwardFailures')).toMatchObject({
      MessageRetentionPeriod: 1209600,
      SqsManagedSseEnabled: true,
    });
  });
});

it('sweep runs every minute, and a run that failed is not repeated beside the next', () => {
  expect(properties('SweepEventsRuleSchedule1')).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
  });
  expect(properties('SweepLambdaEvConf')).toMatchObject({ MaximumRetryAttempts: 0 });
  expect(properties('SweepLambdaFunction').Timeout).toBeLessThanOrEqual(60);
});

it('ingest has an API of its own, all paths of which lead to it, and which alone may invoke it', () => {
  const fn = properties('IngestLambdaFunction', full);
  expect(fn).toMatchObject({
    Handler: 'dist/ingest/index.handler',
    Role: { 'Fn::Sub': `\${IngestRole.Arn}` },
  });
  expect(fn.Timeout).toBeLessThan(30);
  const ofApi = ({ Properties }: { Properties: { ApiId?: { Ref: string } } }) =>
    Properties.ApiId?.Ref === 'IngestApi';
  const routes = ofType(full, 'AWS::ApiGatewayV2::Route').filter(([, each]) => ofApi(each));
  expect(routes.map(([, { Properties }]) => Properties)).toEqual([
    {
      ApiId: { Ref: 'IngestApi' },
      RouteKey: '$default',
      Target: { 'Fn::Sub': `integrations/\${IngestIntegration}` },
    },
  ]);
  expect(properties('IngestIntegration', full)).toMatchObject({
    IntegrationUri: { 'Fn::GetAtt': ['IngestLambdaFunction', 'Arn'] },
    PayloadFormatVersion: '2.0',
  });
  expect(properties('IngestStage', full)).toMatchObject({ StageName: '$default', AutoDeploy: true });
  expect(properties('IngestPermission', full)).toMatchObject({
    Principal: 'apigateway.amazonaws.com',
    SourceArn: { 'Fn::Sub': expect.stringContaining(`:\${IngestApi}/*`) },
  });
});

it('catalog-sync runs as often as the parameter says, never twice at once, and its alarms look at that time', () => {
  const schedule = properties('CatalogSyncEventsRuleSchedule1', full);
  expect(schedule).toMatchObject({ ScheduleExpression: 'rate(6 hours)', State: 'ENABLED' });
  expect(properties('CatalogSyncLambdaEvConf', full)).toMatchObject({ MaximumRetryAttempts: 0 });
  const fn = properties('CatalogSyncLambdaFunction', full);
  expect(fn).toMatchObject({ Handler: 'dist/catalog-sync/index.handler', Runtime: 'nodejs24.x' });
  expect(fn.FunctionName).toBe('pagerduty-bridge-dev-catalog-sync');
  expect(fn.Timeout).toBeLessThan(3600);
  expect(properties('CatalogSyncFailingAlarm', full)).toMatchObject({
    Period: 6 * 3600,
    EvaluationPeriods: 3,
  });
  expect(properties('CatalogSyncRefusedAlarm', full)).toMatchObject({ Period: 6 * 3600 });
});

it('reconcile runs every hour, never twice at once, and knows the address that PagerDuty sends to', () => {
  expect(properties('ReconcileEventsRuleSchedule1', full).ScheduleExpression).toBe('rate(1 hour)');
  expect(properties('ReconcileLambdaEvConf', full)).toMatchObject({ MaximumRetryAttempts: 0 });
  const fn = properties('ReconcileLambdaFunction', full);
  expect(fn.Timeout).toBeLessThan(3600);
  expect(fn.Environment.Variables).toMatchObject({
    BRIDGE_WEBHOOK_URL: full.Outputs['WebhookUrl']?.Value,
    BRIDGE_TABLE_PREFIX: 'pagerduty-bridge-dev-',
  });
});

it('no secret and no reference that could be one is in the template or in what is uploaded', () => {
  const text =
    JSON.stringify(template) + readFileSync(path.join(workspace.folder, 'dist/receive/bridge.json'), 'utf8');
  expect(text).not.toMatch(/whsec_|v1=[0-9a-f]{16}|AKIA[A-Z0-9]{16}|aws_secret_access_key|SecretString/i);
  expect(
    Object.keys(JSON.parse(readFileSync(path.join(workspace.folder, 'dist/receive/bridge.json'), 'utf8'))),
  ).toEqual(['authenticate', 'retention_days']);
});
