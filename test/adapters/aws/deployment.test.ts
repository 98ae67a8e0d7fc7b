import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { pointInTimeRecovery } from '../../../lib/adapters/aws/backups.ts';
import { countedSince, errorsOf, ourCounter } from '../../../lib/adapters/aws/counted.ts';
import { alarmsOn, functionStates, stackOutputs } from '../../../lib/adapters/aws/deployment.ts';
import { describeWithMoto, type Moto, startMoto } from '../../support/moto.ts';

describeWithMoto('what is deployed', () => {
  let moto: Moto;
  const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
  const before = { ...process.env };
  const stack = () => ({ name: 'pagerduty-bridge-dev', region: 'eu-central-1', endpoint: moto.endpoint });
  beforeAll(async () => {
    Object.assign(process.env, credentials);
    moto = await startMoto();
  }, 90_000);
  afterAll(async () => {
    process.env = before;
    await moto.stop();
  });

  it('is unknown where there is no such stack', async () => {
    expect(await stackOutputs(stack())).toBeUndefined();
  });

  it('names a function that cannot be looked at', async () => {
    expect(await functionStates(stack(), ['receive'])).toEqual([
      { name: 'receive', fault: 'cannot be looked at: ResourceNotFoundException' },
    ]);
  });

  it('counts what happened since a moment, and says when it last did', async () => {
    const client = new CloudWatchClient({ region: 'eu-central-1', endpoint: moto.endpoint });
    const nowMs = Math.floor(Date.now() / 300_000) * 300_000;
    const at = (minutesAgo: number, Value: number, service: string) => ({
      MetricName: 'WebhooksReceived',
      Dimensions: [{ Name: 'service', Value: service }],
      Timestamp: new Date(nowMs - minutesAgo * 60_000),
      Value,
    });
    const MetricData = [
      at(90, 2, 'pagerduty-bridge-dev'),
      at(40, 3, 'pagerduty-bridge-dev'),
      at(10, 0, 'pagerduty-bridge-dev'),
      at(5, 7, 'pagerduty-bridge-prod'),
    ];
    await client.send(new PutMetricDataCommand({ Namespace: 'PagerDutyBridge', MetricData }));
    client.destroy();
    const counters = [
      ourCounter(stack(), 'WebhooksReceived'),
      ourCounter(stack(), 'SignatureMismatches'),
      errorsOf(stack(), 'receive'),
    ];
    expect(await countedSince(stack(), counters, nowMs - 3_600_000, nowMs)).toEqual([
      { times: 3, lastAt: new Date(nowMs - 40 * 60_000).toISOString() },
      { times: 0 },
      { times: 0 },
    ]);
  });

  it('says which tables can be set back', async () => {
    const client = new DynamoDBClient({ region: 'eu-central-1', endpoint: moto.endpoint });
    for (const TableName of ['on', 'off']) {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      );
    }
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'on',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    client.destroy();
    expect(await pointInTimeRecovery(stack(), ['on', 'off'])).toEqual([
      { table: 'on', on: true },
      { table: 'off', on: false },
    ]);
  });

  it('names the alarms that are on, of this deployment and no other', async () => {
    const client = new CloudWatchClient({ region: 'eu-central-1', endpoint: moto.endpoint });
    for (const AlarmName of ['pagerduty-bridge-dev-A', 'pagerduty-bridge-dev-B', 'pagerduty-bridge-dev2-C']) {
      const threshold = { Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' as const };
      const metric = { Namespace: 'n', MetricName: 'm', Period: 60, Statistic: 'Sum' as const };
      await client.send(
        new PutMetricAlarmCommand({
          AlarmName,
          AlarmDescription: `What to do: docs/operating.md#${AlarmName}`,
          EvaluationPeriods: 1,
          ...threshold,
          ...metric,
        }),
      );
      if (AlarmName.endsWith('B')) continue;
      await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'test' }));
    }
    client.destroy();
    expect((await alarmsOn(stack())).map(({ name }) => name)).toEqual(['pagerduty-bridge-dev-A']);
  });
});
