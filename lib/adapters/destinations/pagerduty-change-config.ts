import * as z from 'zod';
import { receiverUrl } from '../config-values/receiver-url.ts';
import { secretReference } from '../config-values/secret-reference.ts';
import { commonKeys, type KindConfig, timeoutSeconds } from './kind-config.ts';

const schema = z.strictObject({
  ...commonKeys('pagerduty_change'),
  routing_key: secretReference.describe(
    'Integration key (Events API v2) of the PagerDuty service, or of an orchestration, beside whose incidents deployments are shown',
  ),
  region: z.enum(['us', 'eu']).optional().describe('Where the PagerDuty account is; default us'),
  base_url: receiverUrl.optional().describe('Instead of https://events.pagerduty.com, for tests and proxies'),
  allow_private: z.boolean().optional().describe('Let requests go to private and link-local addresses'),
  timeout_seconds: timeoutSeconds,
});

export type PagerDutyChangeConfig = z.infer<typeof schema>;

export const pagerDutyChangeConfig: KindConfig<'pagerduty_change'> = {
  type: 'pagerduty_change',
  schema,
  secretKeys: ['routing_key'],
  urlKeys: ['base_url'],
  permissions: () => [],
  warnings(config) {
    const { events } = config as PagerDutyChangeConfig;
    if (events === undefined || events.some((type) => type.startsWith('deployment.'))) return [];
    return [
      {
        key: 'events',
        message: 'names no deployment event: a change event is a deployment that has finished',
      },
    ];
  },
};
