import path from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { describeWithMoto, type Moto, startMoto } from '../support/moto.ts';
import { type WebhookBody, webhookBody } from '../support/webhooks.ts';
import { type DeployedFunction, startFunction } from './deployed-function.ts';
import { callJson, deployTemplate, readStream } from './emulated-aws.ts';
import { webhookEvent } from './lambda-events.ts';
import { createWorkspace, type Template, type Workspace } from './packaged-service.ts';
import { isPassed } from './stream-filter.ts';

const secret = 'the-signing-secret-in-ssm';
const prefix = 'pagerduty-bridge-dev-';
const account = '123456789012';
const config = `
authenticate: { signing_secrets: ssm:/pagerduty-bridge/signing-secrets }
unmatched: passthrough
destinations:
  - { name: bus, type: eventbridge, bus: incidents }
  - { name: topic, type: sns, topic_arn: "arn:aws:sns:us-east-1:${account}:incident-topic" }
`;

/** What a user would have: a bus and a topic, each with a queue to see what comes out. */
const users: Template['Resources'] = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'incidents' } },
  FromBus: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'from-bus' } },
  BusRule: {
    Type: 'AWS::Events::Rule',
    // The emulator cannot resolve a Ref here.
    DependsOn: ['Bus'],
    Properties: {
      EventBusName: 'incidents',
      EventPattern: { source: ['pagerduty-catalog-bridge'] },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['FromBus', 'Arn'] } }],
    },
  },
  FromTopic: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'from-topic' } },
  Topic: {
    Type: 'AWS::SNS::Topic',
    Properties: {
      TopicName: 'incident-topic',
      Subscription: [{ Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['FromTopic', 'Arn'] } }],
    },
  },
};

describeWithMoto('the packaged template and the built bundles, on an AWS emulator', () => {
  let workspace: Workspace;
  let template: Template;
  let moto: Moto;
  let functions: Record<'receive' | 'forward' | 'sweep', DeployedFunction>;

  beforeAll(async () => {
    workspace = createWorkspace();
    const built = await workspace.build(config);
    if (built.code !== 0) throw new Error(built.output);
    template = await workspace.packageTemplate();
    moto = await startMoto();
    await deployTemplate(moto.endpoint, template, users);
    await callJson(moto.endpoint, 'ssm', 'AmazonSSM.PutParameter', {
      Name: '/pagerduty-bridge/signing-secrets',
      Value: secret,
      Type: 'SecureString',
    });
    const start = (name: string) =>
      startFunction({
        bundle: path.join(workspace.folder, 'dist', name, 'index.cjs'),
        nodePath: process.execPath,
        environment: {
          ...template.Resources[`${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`]?.Properties
            .Environment.Variables,
          AWS_ENDPOINT_URL: moto.endpoint,
        },
      });
    functions = {
      receive: await start('receive'),
      forward: await start('forward'),
      sweep: await start('sweep'),
    };
  });
  afterAll(async () => {
    for (const fn of Object.values(functions ?? {})) await fn.stop();
    await moto?.stop();
    workspace?.remove();
  });

  let incidents = 0;
  const triggered = () =>
    webhookBody('incident.triggered', {
      at: new Date().toISOString(),
      data: { id: `QMOTO${++incidents}`, status: 'triggered' },
    });
  const send = (body: WebhookBody | string) => functions.receive.invoke(webhookEvent(body, secret));

  /** What Lambda would hand to forward: the stream's records, through the filter of the event source mapping. */
  const fromStream = async () => {
    const mapping = template.Resources['ForwardEventSourceMappingDynamodbEventsTable']?.Properties;
    const patterns = mapping.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
      JSON.parse(Pattern),
    );
    const records = await readStream(moto.endpoint, `${prefix}events`);
    return records.filter((record) => patterns.some((pattern: never) => isPassed(pattern, record)));
  };

  const arrived = async (queue: string): Promise<unknown[]> => {
    const sqs = new SQSClient({
      endpoint: moto.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const QueueUrl = `${moto.endpoint}/${account}/${queue}`;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    sqs.destroy();
    return Messages.map(({ Body }) => JSON.parse(Body ?? 'null'));
  };

  it.each(tableDefinitions)(
    'the template makes the table $name with its keys, indexes and expiry',
    async ({ name, ...definition }) => {
      const TableName = prefix + name;
      const { Table } = await callJson<{ Table: Record<string, never[]> }>(
        moto.endpoint,
        'dynamodb',
        'DynamoDB_20120810.DescribeTable',
        { TableName },
      );
      const keys = (Table['KeySchema'] ?? []).map(({ AttributeName }) => AttributeName);
      expect(keys).toEqual([
        definition.hash.attribute,
        ...(definition.range ? [definition.range.attribute] : []),
      ]);
      const indexes = (Table['GlobalSecondaryIndexes'] ?? []).map(({ IndexName }) => IndexName);
      expect(indexes).toEqual(definition.indexes.map((index) => index.name));
    },
  );

  it('a webhook goes in, and an incident event comes out on the bus and on the topic', async () => {
    const body = triggered();
    const answer = await send(body);
    expect(answer.statusCode).toBe(202);
    const Records = (await fromStream()).filter(
      ({ dynamodb }) => dynamodb.Keys['incident_id']?.S === body.event.data['id'],
    );
    expect(Records).toHaveLength(1);
    expect(await functions.forward.invoke({ Records })).toEqual({ batchItemFailures: [] });
    const [onBus] = (await arrived('from-bus')) as { 'detail-type': string; detail: { id: string } }[];
    expect(onBus).toMatchObject({
      source: 'pagerduty-catalog-bridge',
      'detail-type': 'incident.triggered',
      detail: { version: '1', id: body.event.id, sequence: 1 },
    });
    const [onTopic] = (await arrived('from-topic')) as { Message: string }[];
    expect(JSON.parse(onTopic?.Message ?? 'null')).toMatchObject({ id: body.event.id, sequence: 1 });
  });

  it('the updates the worker makes and what is in quarantine do not come through the filter', async () => {
    expect(JSON.parse((await send('not json')).body)).toEqual({ status: 'quarantined' });
    const all = await readStream(moto.endpoint, `${prefix}events`);
    expect(all.some(({ eventName }) => eventName === 'MODIFY')).toBe(true);
    expect(all.some(({ dynamodb }) => dynamodb.Keys['incident_id']?.S.startsWith('quarantine:'))).toBe(true);
    for (const { eventName, dynamodb } of await fromStream()) {
      expect(eventName).toBe('INSERT');
      expect(dynamodb.Keys['incident_id']?.S).not.toMatch(/^quarantine:/);
    }
  });

  it('what the stream brings again is not delivered again', async () => {
    await functions.forward.invoke({ Records: await fromStream() });
    await functions.forward.invoke({ Records: await fromStream() });
    await functions.sweep.invoke({});
    expect(await arrived('from-bus')).toEqual([]);
    expect(functions.sweep.log().join('\n')).toContain('"SweepHeartbeat":1');
  });
});
