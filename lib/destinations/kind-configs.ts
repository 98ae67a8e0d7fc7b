import { consoleConfig } from './console-config.ts';
import type { KindConfig } from './kind-config.ts';
import { webhookConfig } from './webhook-config.ts';

/** Every destination type's configuration; the order is the one messages and documentation use. */
export const kindConfigs: KindConfig[] = [consoleConfig, webhookConfig];
