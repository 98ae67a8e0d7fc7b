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

interface Measured {
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

const minute = 60;
const hour = 60 * minute;

const serviceDimension = [{ Name: 'service', Value: parameter('name') }];

const ours = (name: MetricName, statistic: Statistic = 'Sum'): Measured => ({
  metric: { namespace: metricNamespace, name, dimensions: serviceDimension },
  statistic,
});

const lambda = (name: string, fn: string, statistic: Statistic = 'Sum'): Measured => ({
  metric: {
    namespace: 'AWS/Lambda',
    name,
    dimensions: [{ Name: 'FunctionName', Value: { Ref: `${fn}LambdaFunction` } }],
  },
  statistic,
});

/** The front door's own metrics; which ones they are is part of infra/front-door/. */
const frontDoor = (metric: 'requests' | 'client_errors' | 'server_errors'): Measured => {
  const property = (name: string) =>
    fromFile(`infra/front-door/${parameter('front_door')}.yml`, `metrics.${name}`);
  return {
    metric: { namespace: property('namespace'), name: property(metric), dimensions: property('dimensions') },
    statistic: 'Sum',
  };
};

/** A count of something that should not happen: fires on the `n`th within the time. */
const onCount = (n: number, withinSeconds: number, of: Measured) => ({
  of,
  periodSeconds: withinSeconds,
  periods: 1,
  fires: { when: 'at least', threshold: n } as const,
  noData: 'notBreaching' as const,
});

const functions = { Receive: 'receive', Forward: 'forward', Sweep: 'sweep', Ingest: 'ingest' } as const;
/** Whoever reports may take what they answer, or do not answer, for success in the end. */
const atOnce: string[] = ['receive', 'ingest'];
const always = ['receive', 'forward', 'sweep'];

export const alarms: Alarm[] = [
  {
    id: 'NothingAuthenticated',
    what: 'Requests come with credentials that do not match, and none has been accepted for 15 minutes: webhooks are being refused. PagerDuty sends them again for 48 hours.',
    runbook: 'signatures-do-not-match',
    of: {
      expression: 'IF(FILL(mismatches, 0) > 0 AND FILL(received, 0) == 0, 1, 0)',
      inputs: { mismatches: ours('SignatureMismatches'), received: ours('WebhooksReceived') },
    },
    periodSeconds: 15 * minute,
    periods: 1,
    fires: { when: 'at least', threshold: 1 },
    noData: 'notBreaching',
  },
  {
    id: 'SignatureMismatches',
    what: 'Some requests carry credentials that do not match: a half-done rotation, a second subscription with another secret, or forgeries.',
    runbook: 'signatures-do-not-match',
    ...onCount(5, 15 * minute, ours('SignatureMismatches')),
  },
  {
    id: 'SecretsUnreadable',
    what: 'A secret cannot be read from SSM. The last good value is served as long as a function stays warm; a cold one refuses every webhook.',
    runbook: 'secrets-cannot-be-read',
    ...onCount(3, 15 * minute, ours('SecretsReadFailed')),
  },
  {
    id: 'ReceiveFailing',
    what: 'Webhooks are answered 503 because they could not be written down. PagerDuty sends them again for 48 hours.',
    runbook: 'webhooks-are-not-accepted',
    ...onCount(5, 5 * minute, ours('ReceiveFailed')),
  },
  {
    id: 'Quarantined',
    what: 'An authentic webhook could not be read and is kept raw in quarantine.',
    runbook: 'something-is-in-quarantine',
    ...onCount(1, 5 * minute, ours('WebhooksQuarantined')),
  },
  {
    id: 'NoWebhooks',
    what: 'No authentic webhook has come for hours: the subscription may be switched off, or point elsewhere.',
    runbook: 'no-webhooks-arrive',
    of: ours('WebhooksReceived'),
    periodSeconds: 60 * minute,
    periods: parameter('silent_hours'),
    fires: { when: 'less than', threshold: 1 },
    noData: 'breaching',
  },
  {
    id: 'FrontDoorRefusals',
    what: 'The front door itself answers 4xx, which makes PagerDuty drop webhooks for good; three in a row switch the subscription off for a day.',
    runbook: 'the-front-door-refuses-requests',
    of: {
      // Our own refusals (401, 405, 413) are answers to strangers; what is left comes from the gateway.
      expression: 'FILL(refused, 0) - FILL(strangers, 0)',
      inputs: { refused: frontDoor('client_errors'), strangers: ours('RequestsRefused') },
    },
    periodSeconds: 15 * minute,
    periods: 1,
    fires: { when: 'at least', threshold: 3 },
    noData: 'notBreaching',
  },
  {
    id: 'FrontDoorFailures',
    what: 'The front door answers 5xx: receive crashes at start, times out, is throttled, or says 503 itself.',
    runbook: 'webhooks-are-not-accepted',
    of: {
      // Credentials that do not match are answered 503 as well, and have alarms of their own.
      expression: 'FILL(failed, 0) - FILL(mismatches, 0)',
      inputs: { failed: frontDoor('server_errors'), mismatches: ours('SignatureMismatches') },
    },
    periodSeconds: 5 * minute,
    periods: 1,
    fires: { when: 'at least', threshold: 5 },
    noData: 'notBreaching',
  },
  ...Object.entries(functions).flatMap(([id, name]): Alarm[] => [
    {
      id: `${id}Errors`,
      what: `${name} ended in an error AWS had to notice: a crash at start, a timeout, or no memory left.`,
      runbook: 'a-function-crashes-or-times-out',
      ...onCount(atOnce.includes(name) ? 1 : 3, 5 * minute, lambda('Errors', id)),
      ...(always.includes(name) ? {} : { only: name }),
    },
    {
      id: `${id}Throttles`,
      what: `AWS runs no more copies of ${name}: the account's or the function's concurrency is used up.`,
      runbook: 'a-function-is-throttled',
      ...onCount(atOnce.includes(name) ? 1 : 5, 5 * minute, lambda('Throttles', id)),
      ...(always.includes(name) ? {} : { only: name }),
    },
  ]),
  {
    id: 'StreamBehind',
    what: 'forward is more than 5 minutes behind the stream. sweep delivers meanwhile, more slowly.',
    runbook: 'processing-is-behind',
    of: lambda('IteratorAge', 'Forward', 'Maximum'),
    periodSeconds: 5 * minute,
    periods: 2,
    fires: { when: 'more than', threshold: 5 * minute * 1000 },
    noData: 'notBreaching',
  },
  {
    id: 'StreamRecordsGivenUp',
    what: 'Stream records were put aside after every retry. sweep finds their events; the queue holds the positions.',
    runbook: 'processing-is-behind',
    of: {
      metric: {
        namespace: 'AWS/SQS',
        name: 'ApproximateNumberOfMessagesVisible',
        dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['ForwardFailures', 'QueueName'] } }],
      },
      statistic: 'Maximum',
    },
    periodSeconds: 5 * minute,
    periods: 1,
    fires: { when: 'at least', threshold: 1 },
    noData: 'notBreaching',
  },
  {
    id: 'SweepStopped',
    what: 'sweep has not come to its end for 10 minutes: nothing is retried, held incidents stay held.',
    runbook: 'sweep-has-stopped',
    of: ours('SweepHeartbeat'),
    periodSeconds: 5 * minute,
    periods: 2,
    fires: { when: 'less than', threshold: 1 },
    noData: 'breaching',
  },
  {
    id: 'ProcessingStuck',
    what: 'The same incident has failed to be processed 5 times or more. The others are not affected.',
    runbook: 'an-incident-cannot-be-processed',
    ...onCount(1, 15 * minute, ours('ProcessingStuck')),
  },
  {
    id: 'OwedTooLong',
    what: 'Something has been due for more than an hour without its turn: the bridge cannot keep up.',
    runbook: 'deliveries-are-late',
    of: ours('OldestOwedAge', 'Maximum'),
    periodSeconds: 5 * minute,
    periods: 3,
    fires: { when: 'more than', threshold: 60 * minute },
    noData: 'notBreaching',
  },
  {
    id: 'DestinationDown',
    what: 'A destination has taken nothing for more than an hour: it is down, or refuses the key. Deliveries are retried until the retry horizon.',
    runbook: 'a-destination-is-down',
    of: ours('DestinationDownFor', 'Maximum'),
    periodSeconds: 5 * minute,
    periods: 1,
    fires: { when: 'more than', threshold: 60 * minute },
    noData: 'notBreaching',
  },
  {
    id: 'DeliveriesDead',
    what: 'A delivery was given up: refused for good, or not accepted within the retry horizon.',
    runbook: 'a-delivery-is-dead',
    ...onCount(1, 5 * minute, ours('DeliveriesDead')),
  },
  {
    id: 'IncidentsHeld',
    what: 'An incident matches no catalog service or team and is held until the catalog or a pin covers it.',
    runbook: 'incidents-are-held',
    ...onCount(1, 60 * minute, ours('IncidentsHeld')),
  },
  {
    id: 'DeploymentsHeld',
    what: 'A deployment names a repository that belongs to no service, and is neither counted nor sent until one has it.',
    runbook: 'deployments-are-held',
    ...onCount(1, 60 * minute, ours('DeploymentsHeld')),
    only: 'ingest',
  },
  {
    id: 'CatalogSyncFailing',
    what: 'For three runs not every live catalog could be read. What was read before stays in force.',
    runbook: 'a-live-catalog-cannot-be-read',
    of: ours('CatalogSyncHeartbeat'),
    periodSeconds: parameter('catalog_sync_seconds'),
    periods: 3,
    fires: { when: 'less than', threshold: 1 },
    noData: 'breaching',
    only: 'catalog-sync',
  },
  {
    id: 'CatalogSyncRefused',
    what: 'A live catalog answers with nothing, or has lost more than a third, and is not believed. What was read before stays in force.',
    runbook: 'a-live-catalog-cannot-be-read',
    of: ours('CatalogSyncRefused'),
    periodSeconds: parameter('catalog_sync_seconds'),
    periods: 1,
    fires: { when: 'at least', threshold: 1 },
    noData: 'notBreaching',
    only: 'catalog-sync',
  },
  {
    id: 'IngestFailing',
    what: 'Reports of deployments or incidents are answered 503 because they could not be written down. CI jobs try again for a minute and then end as if all were well.',
    runbook: 'reports-are-not-accepted',
    ...onCount(1, 5 * minute, ours('IngestFailed')),
    only: 'ingest',
  },
  {
    id: 'IngestMismatches',
    what: 'Reports come with keys, tokens or signatures that do not match, and are refused for good.',
    runbook: 'keys-of-reports-do-not-match',
    ...onCount(5, 15 * minute, ours('IngestMismatches')),
    only: 'ingest',
  },
  {
    id: 'SubscriptionDisabled',
    what: 'A webhook subscription that leads here does not send: PagerDuty has disabled it for a day, somebody has switched it off, or it is gone.',
    runbook: 'the-subscription-does-not-send',
    ...onCount(1, hour, ours('SubscriptionDisabled')),
    only: 'reconcile',
  },
  {
    id: 'SubscriptionChanged',
    what: 'Somebody has changed a webhook subscription that leads here, or there is another one.',
    runbook: 'the-subscription-was-changed',
    ...onCount(1, hour, ours('SubscriptionChanged')),
    only: 'reconcile',
  },
  {
    id: 'ReconcileStopped',
    what: 'PagerDuty has not been asked for three hours what webhooks did not tell. Webhooks are not affected.',
    runbook: 'reconcile-has-stopped',
    of: ours('ReconcileHeartbeat'),
    periodSeconds: hour,
    periods: 3,
    fires: { when: 'less than', threshold: 1 },
    noData: 'breaching',
    only: 'reconcile',
  },
  {
    id: 'ReconcileRepaired',
    what: 'Events were missing that webhooks should have brought. They were read from PagerDuty and are sent like webhooks; why they were lost is worth knowing.',
    runbook: 'webhooks-are-lost',
    ...onCount(1, hour, ours('ReconcileRepaired')),
    only: 'reconcile',
  },
];

/** The alarms of a deployment with these functions. */
export const alarmsOf = (functions: readonly FunctionName[]): Alarm[] =>
  alarms.filter(({ only }) => only === undefined || functions.includes(only));
