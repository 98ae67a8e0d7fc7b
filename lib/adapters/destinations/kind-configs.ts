import { eventBridgeConfig } from './aws/eventbridge-config.ts';
import { snsConfig } from './aws/sns-config.ts';
import { sqsConfig } from './aws/sqs-config.ts';
import { consoleConfig } from './console-config.ts';
import { datadogConfig } from './datadog/datadog-config.ts';
import type { KindConfig } from './kind-config.ts';
import type { KindName } from './kinds.ts';
import { pagerDutyChangeConfig } from './pagerduty-change-config.ts';
import { webhookConfig } from './webhook-config.ts';

/** The order is the one messages and documentation use. */
const byName: { [Name in KindName]: KindConfig<Name> } = {
  console: consoleConfig,
  webhook: webhookConfig,
  datadog: datadogConfig,
  pagerduty_change: pagerDutyChangeConfig,
  eventbridge: eventBridgeConfig,
  sqs: sqsConfig,
  sns: snsConfig,
};

/** Every destination type's configuration. */
export const kindConfigs: readonly KindConfig[] = Object.values(byName);
