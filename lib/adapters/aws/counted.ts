import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type MetricName, metricNamespace } from '../../metric-names.ts';
import type { Stack } from './deployment.ts';

/** A counter in CloudWatch. */
export interface Counter {
  namespace: string;
  metric: string;
  dimension: [name: string, value: string];
}

/** One of ours, of this deployment. */
export const ourCounter = ({ name }: Stack, metric: MetricName): Counter => ({
  namespace: metricNamespace,
  metric,
  dimension: ['service', name],
});

export const errorsOf = ({ name }: Stack, fn: string): Counter => ({
  namespace: 'AWS/Lambda',
  metric: 'Errors',
  dimension: ['FunctionName', `${name}-${fn}`],
});

/** CloudWatch keeps these for 63 days, finer ones for 15. */
const periodSeconds = 300;

/** What each counter came to since then, and the beginning of the last 5 minutes in which it counted anything. */
export async function countedSince(
  stack: Stack,
  counters: readonly Counter[],
  sinceMs: number,
  nowMs: number,
): Promise<{ times: number; lastAt?: string }[]> {
  const { region, endpoint } = stack;
  const client = new CloudWatchClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 2,
  });
  const totals = counters.map((): { times: number; lastAt?: string } => ({ times: 0 }));
  try {
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(sinceMs),
          EndTime: new Date(nowMs),
          ScanBy: 'TimestampAscending',
          MetricDataQueries: counters.map(({ namespace, metric, dimension: [Name, Value] }, at) => ({
            Id: `m${at}`,
            MetricStat: {
              Metric: { Namespace: namespace, MetricName: metric, Dimensions: [{ Name, Value }] },
              Period: periodSeconds,
              Stat: 'Sum',
            },
          })),
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      for (const { Id = '', Values = [], Timestamps = [] } of page.MetricDataResults ?? []) {
        const total = totals[Number(Id.slice(1))];
        if (total === undefined) continue;
        for (const [at, value] of Values.entries()) {
          if (value <= 0) continue;
          total.times += value;
          const when = Timestamps[at]?.toISOString();
          if (when !== undefined && when > (total.lastAt ?? '')) total.lastAt = when;
        }
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return totals;
  } finally {
    client.destroy();
  }
}
