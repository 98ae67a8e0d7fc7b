import * as z from 'zod';
import { datadogSite, isGovernmentSite } from '../../config-values/datadog-site.ts';
import { receiverUrl } from '../../config-values/receiver-url.ts';
import { secretReference } from '../../config-values/secret-reference.ts';
import { commonKeys, type KindConfig, timeoutSeconds } from '../kind-config.ts';

/** Datadog takes at most 100 tags, and `merged_into` may need one of them. */
const mostTags = 99;

const tag = z
  .string()
  .regex(/^[^\s:][^:]*:\S.*$/, { error: 'must be key:value, for example source:pagerduty' })
  .max(200);

/**
 * Failures are what incidents are there, until the end of 2026; change failures are deployments that caused one; events
 * are its Events API.
 */
const reports = ['failures', 'change_failures', 'events', 'deployments'] as const;

const keys = z.strictObject({
  ...commonKeys('datadog'),
  site: datadogSite.optional(),
  base_url: receiverUrl.optional().describe('Instead of https://api.<site>, for tests and proxies'),
  api_key: secretReference,
  application_key: secretReference
    .optional()
    .describe(
      'Lets the bridge delete a failure (a merged incident, or one whose service or start changed), mark change failures and list deployments',
    ),
  report: z
    .array(z.enum(reports))
    .min(1, { error: 'must name at least one; leave it out for failures' })
    .optional()
    .describe('What Datadog is told of; default failures'),
  datadog_deployments: z
    .enum(['poll'])
    .optional()
    .describe(
      'poll: takes the deployments that Datadog APM detects, every few minutes; needs an application_key',
    ),
  tags: z.array(tag).max(mostTags).optional().describe('Sent with every failure, as key:value'),
  allow_private: z.boolean().optional().describe('Let requests go to private and link-local addresses'),
  timeout_seconds: timeoutSeconds,
});

/** Datadog lets nobody judge a deployment with the API key alone. */
const schema = keys
  .refine(
    ({ report = [], application_key }) =>
      !report.includes('change_failures') || application_key !== undefined,
    { path: ['application_key'], error: 'is required where report has change_failures' },
  )
  .refine(
    ({ datadog_deployments, application_key }) =>
      datadog_deployments === undefined || application_key !== undefined,
    { path: ['application_key'], error: 'is required where datadog_deployments is poll' },
  );

export type DatadogReport = (typeof reports)[number];
export type DatadogConfig = z.infer<typeof schema>;

export const datadogConfig: KindConfig<'datadog'> = {
  type: 'datadog',
  tellsFailures: true,
  schema,
  secretKeys: ['api_key', 'application_key'],
  urlKeys: ['base_url', 'site'],
  permissions: () => [],
  lanes: (config) => ((config as DatadogConfig).report?.includes('events') ? ['events'] : []),
  correction: (config) =>
    config.lane === 'events'
      ? 'gets one more event of the incident, as it is now'
      : (config as DatadogConfig).application_key === undefined
        ? 'keeps services, team, environment and start as it was told them; only with an application_key can a failure be deleted and sent anew'
        : 'is corrected: the failure is deleted and sent anew',
  warnings(config) {
    const { site, report = ['failures'] } = config as DatadogConfig;
    const government = {
      key: 'site',
      message: 'Datadog does not offer DORA metrics on its government sites',
    };
    const twice = {
      key: 'report',
      message:
        'deployments: whatever reports to Datadog itself (datadog-ci, APM) must stop when its deployments come from here too, or Datadog counts them twice',
    };
    const ends = {
      key: 'report',
      message:
        'failures: Datadog has announced that it takes them until 31 December 2026, and computes change failure rate and recovery time without them; see docs/moving-from-datadog-dora.md',
    };
    return [
      ...(report.includes('failures') ? [ends] : []),
      ...(site !== undefined && isGovernmentSite(site) ? [government] : []),
      ...(report.includes('deployments') ? [twice] : []),
    ];
  },
};
