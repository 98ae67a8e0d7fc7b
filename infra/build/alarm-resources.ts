import type { Alarm, Metric, Statistic } from '../alarm.ts';
import { parameter } from './placeholders.ts';

type Resource = { Type: string; Properties: Record<string, unknown> };

const operators = {
  'at least': 'GreaterThanOrEqualToThreshold',
  'more than': 'GreaterThanThreshold',
  'less than': 'LessThanThreshold',
};

/** The alarms as CloudFormation resources; each tells the topic when it fires and when it is over. */
export function alarmResources(alarms: Alarm[]): { Resources: Record<string, Resource> } {
  return { Resources: Object.fromEntries(alarms.map((alarm) => [`${alarm.id}Alarm`, resource(alarm)])) };
}

function resource({ id, what, runbook, of, periodSeconds, periods, fires, noData }: Alarm): Resource {
  const topic = [{ Ref: 'Alarms' }];
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${parameter('name')}-${id}`,
      AlarmDescription: `${what} What to do: docs/operating.md#${runbook}`,
      ...('metric' in of ? single(of.metric, of.statistic, periodSeconds) : combined(of, periodSeconds)),
      EvaluationPeriods: periods,
      ComparisonOperator: operators[fires.when],
      Threshold: fires.threshold,
      TreatMissingData: noData,
      AlarmActions: topic,
      OKActions: topic,
    },
  };
}

function single(
  { namespace, name, dimensions }: Metric,
  statistic: Statistic,
  period: Alarm['periodSeconds'],
) {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: dimensions,
    Statistic: statistic,
    Period: period,
  };
}

function combined(of: Extract<Alarm['of'], { expression: string }>, period: Alarm['periodSeconds']) {
  const inputs = Object.entries(of.inputs).map(([id, { metric, statistic }]) => ({
    Id: id,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions: metric.dimensions },
      Stat: statistic,
      Period: period,
    },
  }));
  return { Metrics: [...inputs, { Id: 'result', Expression: of.expression, ReturnData: true }] };
}
