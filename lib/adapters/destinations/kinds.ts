import { eventBridgeKind } from './aws/eventbridge.ts';
import { snsKind } from './aws/sns.ts';
import { sqsKind } from './aws/sqs.ts';
import { consoleKind } from './console.ts';
import { datadogKind } from './datadog/datadog.ts';
import type { DestinationKind } from './kind.ts';
import { pagerDutyChangeKind } from './pagerduty-change.ts';
import { webhookKind } from './webhook.ts';

/**
 * Every type of destination under the name that `type:` in bridge.yml gives it. Its other half is in
 * kind-configs.ts, apart because the functions that send must not load the schemas; the compiler holds the two
 * to the same names.
 */
export const kinds = {
  console: consoleKind,
  webhook: webhookKind,
  datadog: datadogKind,
  pagerduty_change: pagerDutyChangeKind,
  eventbridge: eventBridgeKind,
  sqs: sqsKind,
  sns: snsKind,
} satisfies Record<string, DestinationKind>;

export type KindName = keyof typeof kinds;
