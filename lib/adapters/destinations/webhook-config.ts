import * as z from 'zod';
import { receiverUrl } from '../config-values/receiver-url.ts';
import { secretReference } from '../config-values/secret-reference.ts';
import { httpFormatName } from './formats/format-name.ts';
import { commonKeys, type KindConfig, timeoutSeconds } from './kind-config.ts';

const schema = z.strictObject({
  ...commonKeys('webhook'),
  url: receiverUrl.describe('Where the event is posted'),
  secret: secretReference
    .optional()
    .describe('Signs requests as Standard Webhooks do; several comma-separated secrets while one is rotated'),
  format: httpFormatName.optional(),
  allow_private: z.boolean().optional().describe('Let requests go to private and link-local addresses'),
  timeout_seconds: timeoutSeconds,
});

export type WebhookConfig = z.infer<typeof schema>;

export const webhookConfig: KindConfig<'webhook'> = {
  type: 'webhook',
  schema,
  secretKeys: ['secret'],
  urlKeys: ['url'],
  permissions: () => [],
};
