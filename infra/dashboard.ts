import { type MetricName, metricNamespace } from '../lib/metric-names.ts';
import { alarmsOf } from './alarms.ts';
import type { FunctionName } from './build/bundle-rules.ts';
import { parameter, sub } from './build/placeholders.ts';

const service = parameter('name');
const region = sub('AWS::Region');

type Line = (string | Record<string, unknown>)[];

const ours = (name: MetricName, label: string, options: Record<string, unknown> = {}): Line => [
  metricNamespace,
  name,
  'service',
  service,
  { label, ...options },
];

const lambda = (metric: string, fn: FunctionName, options: Record<string, unknown> = {}): Line => [
  'AWS/Lambda',
  metric,
  'FunctionName',
  `${service}-${fn}`,
  { label: fn, ...options },
];

/** One line a destination, without listing them: destinations come and go with bridge.yml. */
const byDestination = (name: MetricName, statistic: string): Line => [
  {
    expression: `SEARCH('{${metricNamespace},service,destination} MetricName="${name}" service="${service}"', '${statistic}')`,
    label: '',
  },
];

interface Widget {
  title: string;
  metrics: Line[];
  width?: number;
  view?: 'timeSeries' | 'singleValue';
  stat?: string;
  note?: string;
}

const reports: Widget = {
  title: 'Reports in',
  metrics: [
    ours('IngestReceived', 'authentic'),
    ours('IngestDuplicate', 'sent again'),
    ours('IngestRefused', 'refused'),
    ours('IngestMismatches', 'keys do not match'),
    ours('IngestFailed', 'not written down'),
  ],
};

/** From left to right and top to bottom: is it all right, what comes in, what goes out, how are the machines. */
const widgets = (functions: readonly FunctionName[]): Widget[] => [
  {
    title: 'In this time',
    view: 'singleValue',
    width: 24,
    metrics: [
      ours('WebhooksReceived', 'webhooks'),
      ours('EventsFrozen', 'incident events'),
      ours('DeliveriesDelivered', 'delivered'),
      ours('DeliveriesDead', 'dead'),
      ours('IncidentsHeld', 'held'),
      ours('WebhooksQuarantined', 'quarantined'),
      ours('OldestOwedAge', 'oldest owed (s)', { stat: 'Maximum' }),
    ],
  },
  {
    title: 'Webhooks in',
    metrics: [
      ours('WebhooksReceived', 'authentic'),
      ours('WebhooksDuplicate', 'sent again'),
      ours('SignatureMismatches', 'credentials do not match'),
      ours('WebhooksUnauthenticated', 'strangers'),
      ours('ReceiveFailed', 'not written down'),
    ],
  },
  ...(functions.includes('ingest') ? [reports] : []),
  {
    title: 'Incident events out',
    metrics: [
      ours('DeliveriesDelivered', 'delivered'),
      ours('DeliveriesRetried', 'retried'),
      ours('DeliveriesDead', 'dead'),
      ours('DeliveriesSkipped', 'skipped'),
    ],
  },
  {
    title: 'Webhook to delivery (ms)',
    metrics: [
      ours('DeliveryLatency', 'median', { stat: 'p50' }),
      ours('DeliveryLatency', '95 %', { stat: 'p95' }),
      ours('DeliveryLatency', 'slowest', { stat: 'Maximum' }),
    ],
  },
  { title: 'Delivered, by destination', metrics: [byDestination('DeliveriesDelivered', 'Sum')] },
  { title: 'Retried, by destination', metrics: [byDestination('DeliveriesRetried', 'Sum')] },
  { title: 'Dead, by destination', metrics: [byDestination('DeliveriesDead', 'Sum')] },
  { title: 'Down for (s), by destination', metrics: [byDestination('DestinationDownFor', 'Maximum')] },
  {
    title: 'Oldest thing owed (s), processing failures',
    metrics: [
      ours('OldestOwedAge', 'oldest owed', { stat: 'Maximum' }),
      ours('ProcessingFailed', 'failed', { yAxis: 'right' }),
      ours('ProcessingStuck', 'stuck', { yAxis: 'right' }),
    ],
  },
  {
    title: 'Duration, 95 % (ms)',
    stat: 'p95',
    metrics: functions.map((fn) => lambda('Duration', fn)),
  },
  {
    title: 'Errors and throttles',
    metrics: functions.flatMap((fn) => [
      lambda('Errors', fn, { label: `${fn} errors` }),
      lambda('Throttles', fn, { label: `${fn} throttles` }),
    ]),
  },
];

/** The dashboard as a CloudFormation resource. Its body is one string, with the alarms' states on top. */
export function dashboardResource(functions: readonly FunctionName[]): {
  Resources: Record<string, unknown>;
} {
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          // A dashboard's name is the account's, whatever the region: one stage may be deployed in two.
          DashboardName: { 'Fn::Sub': `${service}-\${AWS::Region}` },
          DashboardBody: { 'Fn::Sub': JSON.stringify(body(functions)) },
        },
      },
    },
  };
}

function body(functions: readonly FunctionName[]) {
  const arns = alarmsOf(functions).map(({ id }) => sub(`${id}Alarm.Arn`));
  const alarmStates = { title: 'Alarms', alarms: arns };
  let x = 0;
  let y = 4;
  const charts = widgets(functions).map(
    ({ title, metrics, width = 8, view = 'timeSeries', stat = 'Sum' }) => {
      const height = view === 'singleValue' ? 3 : 6;
      const widget = {
        type: 'metric',
        x,
        y,
        width,
        height,
        properties: {
          title,
          view,
          region,
          stat,
          period: 300,
          metrics,
          ...(view === 'singleValue' ? { setPeriodToTimeRange: true } : {}),
        },
      };
      x += width;
      if (x >= 24) [x, y] = [0, y + height];
      return widget;
    },
  );
  return {
    widgets: [{ type: 'alarm', x: 0, y: 0, width: 24, height: 4, properties: alarmStates }, ...charts],
  };
}
