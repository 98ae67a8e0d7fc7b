import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
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
