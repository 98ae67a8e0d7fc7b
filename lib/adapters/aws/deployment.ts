import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';

export interface Stack {
  /** `pagerduty-bridge-<stage>`: the name of the stack, and what all names in it begin with. */
  name: string;
  region: string;
  endpoint?: string;
}

const settings = ({ region, endpoint }: Stack) => ({
  region,
  ...(endpoint === undefined ? {} : { endpoint }),
  maxAttempts: 2,
});

/** Its outputs by name; undefined where there is no such stack or it may not be asked. */
export async function stackOutputs(stack: Stack): Promise<Map<string, string> | undefined> {
  const client = new CloudFormationClient(settings(stack));
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack.name }));
    return new Map(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

/** What each function is, and what is wrong with it in words. */
export async function functionStates(stack: Stack, functions: readonly string[]) {
  const client = new LambdaClient(settings(stack));
  const states = functions.map(async (name): Promise<{ name: string; fault?: string }> => {
    try {
      const FunctionName = `${stack.name}-${name}`;
      const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const {
        State = 'Active',
        LastUpdateStatus = 'Successful',
        StateReason,
        LastUpdateStatusReason,
      } = found;
      // A function that was not called for long sleeps, and wakes by being called.
      if (State !== 'Active' && State !== 'Inactive')
        return { name, fault: `is ${State}: ${StateReason ?? 'no reason is given'}` };
      if (LastUpdateStatus === 'Successful') return { name };
      const why = LastUpdateStatusReason ?? 'no reason is given';
      return { name, fault: `was not updated (${LastUpdateStatus}): ${why}` };
    } catch (error) {
      return { name, fault: `cannot be looked at: ${(error as Error).name}` };
    }
  });
  return Promise.all(states).finally(() => client.destroy());
}

/** The deployment's alarms that are on. */
export async function alarmsOn(stack: Stack) {
  const client = new CloudWatchClient(settings(stack));
  try {
    const on = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new DescribeAlarmsCommand({
          AlarmNamePrefix: `${stack.name}-`,
          StateValue: 'ALARM',
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      on.push(...(page.MetricAlarms ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    // Not every emulator asks for what it is asked for.
    return on
      .filter(({ StateValue }) => StateValue === 'ALARM')
      .map(({ AlarmName = '', AlarmDescription = '', StateUpdatedTimestamp }) => ({
        name: AlarmName,
        what: AlarmDescription,
        ...(StateUpdatedTimestamp ? { since: StateUpdatedTimestamp.toISOString() } : {}),
      }));
  } finally {
    client.destroy();
  }
}
