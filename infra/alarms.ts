import { type Alarm, frontDoor, lambda, minute, onCount, ours } from './alarm.ts';
import type { FunctionName } from './build/bundle-rules.ts';
import { parameter } from './build/placeholders.ts';
import { optionalAlarms } from './optional-alarms.ts';

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
  ...optionalAlarms,
];

/** The alarms of a deployment with these functions. */
export const alarmsOf = (functions: readonly FunctionName[]): Alarm[] =>
  alarms.filter(({ only }) => only === undefined || functions.includes(only));
