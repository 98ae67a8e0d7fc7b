import { closest } from 'fastest-levenshtein';
import * as z from 'zod';
import { isLoopbackUrl, receiverUrl } from '../../config-values/receiver-url.ts';
import { secretReference } from '../../config-values/secret-reference.ts';
import { commonKeys, type KindConfig, timeoutSeconds } from '../kind-config.ts';

/** https://docs.datadoghq.com/getting_started/site/ */
const sites = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
];

/** Checked against the list because a key sent to a mistyped host is a leaked key. */
const site = z
  .string()
  .superRefine((text, context) => {
    if (sites.includes(text) || (isLoopbackUrl(text) && text.startsWith('http'))) return;
    const message = `is not a Datadog site; did you mean ${closest(text, sites)}? All are ${sites.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  })
  .describe(`Datadog site: ${sites.join(', ')}; default datadoghq.com`);

/** Datadog takes at most 100 tags, and `merged_into` may need one of them. */
const mostTags = 99;

const tag = z
  .string()
  .regex(/^[^\s:][^:]*:\S.*$/, { error: 'must be key:value, for example source:pagerduty' })
  .max(200);

const schema = z.strictObject({
  ...commonKeys('datadog'),
  site: site.optional(),
  base_url: receiverUrl.optional().describe('Instead of https://api.<site>, for tests and proxies'),
  api_key: secretReference,
  application_key: secretReference
    .optional()
    .describe('Lets the bridge delete a failure: a merged incident, or one whose service or start changed'),
  tags: z.array(tag).max(mostTags).optional().describe('Sent with every failure, as key:value'),
  allow_private: z.boolean().optional().describe('Let requests go to private and link-local addresses'),
  timeout_seconds: timeoutSeconds,
});

export type DatadogConfig = z.infer<typeof schema>;

export const datadogConfig: KindConfig<'datadog'> = {
  type: 'datadog',
  schema,
  secretKeys: ['api_key', 'application_key'],
  urlKeys: ['base_url', 'site'],
  permissions: () => [],
};
