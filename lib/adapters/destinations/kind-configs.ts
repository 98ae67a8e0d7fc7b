import { eventBridgeConfig } from './aws/eventbridge-config.ts';
import { snsConfig } from './aws/sns-config.ts';
import { sqsConfig } from './aws/sqs-config.ts';
import { consoleConfig } from './console-config.ts';
import { datadogConfig } from './datadog/datadog-config.ts';
import type { KindConfig } from './kind-config.ts';
import { webhookConfig } from './webhook-config.ts';

/** Every destination type's configuration; the order is the one messages and documentation use. */
export const kindConfigs: KindConfig[] = [
  consoleConfig,
  webhookConfig,
  datadogConfig,
  eventBridgeConfig,
  sqsConfig,
  snsConfig,
];
