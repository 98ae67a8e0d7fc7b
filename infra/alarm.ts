import { type MetricName, metricNamespace } from '../lib/metric-names.ts';
import type { FunctionName } from './build/bundle-rules.ts';
import { fromFile, parameter } from './build/placeholders.ts';

/** A metric as CloudWatch identifies it; a text may be a placeholder that packaging fills in. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: { Name: string; Value: unknown }[] | string;
}

export type Statistic = 'Sum' | 'Maximum' | 'Minimum' | 'Average';

/** A metric, and how its data points are put together. */
export interface Measured {
  metric: Metric;
  statistic: Statistic;
}

/** One thing an operator must act on. `runbook` is the section of docs/operating.md that says how. */
export interface Alarm {
  id: string;
  what: string;
  runbook: string;
  /** One metric, or several under names that `expression` combines. */
  of: Measured | { expression: string; inputs: Record<string, Measured> };
  periodSeconds: number | string;
  /** Fires when so many periods in a row are beyond the threshold. */
  periods: number | string;
  fires: { when: 'at least' | 'more than' | 'less than'; threshold: number };
  /** Deployed only with this function; without it, always. */
  only?: FunctionName;
  /** What no data means. Counters that are never sent while all is well are fine without. */
  noData: 'notBreaching' | 'breaching';
}

export const minute = 60;
export const hour = 60 * minute;

const serviceDimension = [{ Name: 'service', Value: parameter('name') }];

/** What the bridge itself writes to its log as a metric. */
export const ours = (name: MetricName, statistic: Statistic = 'Sum'): Measured => ({
  metric: { namespace: metricNamespace, name, dimensions: serviceDimension },
  statistic,
});

/** What Lambda measures of a function; `fn` as the template names it: `Receive`. */
export const lambda = (name: string, fn: string, statistic: Statistic = 'Sum'): Measured => ({
  metric: {
    namespace: 'AWS/Lambda',
    name,
    dimensions: [{ Name: 'FunctionName', Value: { Ref: `${fn}LambdaFunction` } }],
  },
  statistic,
});

/** The front door's own metrics; which ones they are is part of infra/front-door/. */
export const frontDoor = (metric: 'requests' | 'client_errors' | 'server_errors'): Measured => {
  const property = (name: string) =>
    fromFile(`infra/front-door/${parameter('front_door')}.yml`, `metrics.${name}`);
  return {
    metric: { namespace: property('namespace'), name: property(metric), dimensions: property('dimensions') },
    statistic: 'Sum',
  };
};

/** A count of something that should not happen: fires on the `n`th within the time. */
export const onCount = (n: number, withinSeconds: number, of: Measured) => ({
  of,
  periodSeconds: withinSeconds,
  periods: 1,
  fires: { when: 'at least', threshold: n } as const,
  noData: 'notBreaching' as const,
});
