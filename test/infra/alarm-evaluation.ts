import type { Resource } from './packaged-service.ts';

/** One value of one metric as CloudWatch would have it. */
export interface Datapoint {
  namespace: string;
  name: string;
  dimensions: Record<string, unknown>;
  value: number;
}

/** The datapoints in lines of the embedded metric format, once for each set of dimensions they name. */
export function datapointsOf(lines: string[]): Datapoint[] {
  return lines.flatMap((line) => {
    const record = JSON.parse(line);
    return (record._aws?.CloudWatchMetrics ?? []).flatMap((directive: EmfDirective) =>
      directive.Dimensions.flatMap((names) =>
        directive.Metrics.map(({ Name }) => ({
          namespace: directive.Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, record[name]])),
          value: record[Name],
        })),
      ),
    );
  });
}

interface EmfDirective {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string }[];
}

interface MetricOf {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
}

/**
 * Whether the alarm of the template is in alarm after these periods, each a list of what was sent in it. As
 * CloudWatch does, except that FILL fills nothing: an alarm that needs it to be filled would depend on whether a
 * metric exists, so what is compared must be sent.
 */
export function fires({ Properties }: Resource, periods: Datapoint[][]): boolean {
  const wanted = Number(Properties.EvaluationPeriods);
  if (periods.length < wanted) throw new Error(`this alarm looks at ${wanted} periods`);
  const recent = periods.slice(-wanted);
  return recent.every((period) => {
    const value = Properties.Metrics
      ? combined(Properties.Metrics, period)
      : measured(Properties, Properties.Statistic, period);
    if (value === undefined) return Properties.TreatMissingData === 'breaching';
    return compare(value, Properties.ComparisonOperator, Properties.Threshold);
  });
}

function measured(metric: MetricOf, statistic: string, period: Datapoint[]): number | undefined {
  const dimensions = JSON.stringify(
    Object.fromEntries(metric.Dimensions.map(({ Name, Value }) => [Name, Value])),
  );
  const values = period
    .filter(({ namespace, name }) => namespace === metric.Namespace && name === metric.MetricName)
    .filter((datapoint) => JSON.stringify(datapoint.dimensions) === dimensions)
    .map(({ value }) => value);
  if (values.length === 0) return undefined;
  if (statistic === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (statistic === 'Maximum') return Math.max(...values);
  throw new Error(`a statistic no alarm has had yet: ${statistic}`);
}

interface MetricQuery {
  Id: string;
  Expression?: string;
  ReturnData: boolean;
  MetricStat?: { Metric: MetricOf; Stat: string };
}

/** Only the functions the alarms use. An input without data leaves the expression without a value. */
function combined(queries: MetricQuery[], period: Datapoint[]): number | undefined {
  const inputs = queries.flatMap(({ Id, MetricStat }) =>
    MetricStat ? [[Id, measured(MetricStat.Metric, MetricStat.Stat, period)] as const] : [],
  );
  if (inputs.some(([, value]) => value === undefined)) return undefined;
  const expression = queries.find(({ ReturnData }) => ReturnData)?.Expression ?? '';
  const code = expression.replaceAll('AND', '&&').replaceAll('==', '===');
  const run = new Function('IF', 'FILL', ...inputs.map(([id]) => id), `return ${code};`);
  return run(
    (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    (value: number) => value,
    ...inputs.map(([, value]) => value),
  );
}

function compare(value: number, operator: string, threshold: number): boolean {
  if (operator === 'GreaterThanOrEqualToThreshold') return value >= threshold;
  if (operator === 'GreaterThanThreshold') return value > threshold;
  if (operator === 'LessThanThreshold') return value < threshold;
  throw new Error(`an operator no alarm has had yet: ${operator}`);
}
