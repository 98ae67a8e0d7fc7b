import * as z from 'zod';
import { catalogSource } from '../catalog-sources/source-config.ts';
import { ingest } from '../config-values/ingest.ts';
import { pagerDuty } from '../config-values/pagerduty.ts';
import { secretReference } from '../config-values/secret-reference.ts';
import { selection } from '../config-values/selection.ts';
import { kindConfigs } from '../destinations/kind-configs.ts';
import { gitHost } from '../git-hosts/git-host-config.ts';

const accountName = z.string().regex(/^[a-z0-9-]+$/i, {
  error: 'must be the name of an account, which is what stands before .pagerduty.com (or .eu.pagerduty.com)',
});

const destinationTypes = kindConfigs.map(({ type }) => type);

/** Everything but the inside of a destination, which its type's own schema checks. */
export const bridgeSchema = z.strictObject({
  authenticate: z
    .strictObject({
      signing_secrets: secretReference.optional().describe('Secrets of the PagerDuty webhook subscription'),
      api_keys: secretReference.optional().describe('Keys a request must carry in DD-API-KEY or X-Api-Key'),
    })
    .default({})
    .describe('How a webhook proves that it comes from PagerDuty; everything configured must pass'),
  default_env: z.string().min(1).optional().describe('Environment of an incident that names none'),
  env_custom_field: z.string().min(1).optional().describe('Incident custom field that holds the environment'),
  service_custom_field: z
    .string()
    .min(1)
    .optional()
    .describe('Incident custom field that names the catalog service; goes before the four rules'),
  account_aliases: z
    .record(accountName, accountName)
    .optional()
    .describe('PagerDuty account that was renamed to the name it goes by, as in { acme-new: acme }'),
  env_names: z
    .record(z.string(), z.string().min(1))
    .optional()
    .describe('Environment to the name it goes by, regardless of case; one not listed keeps its name'),
  severity: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      'PagerDuty priority name to severity, regardless of case; a priority not listed keeps its name',
    ),
  unmatched: z
    .enum(['hold', 'passthrough', 'drop'])
    .default('hold')
    .describe('What happens to an incident that matches no catalog service or team'),
  names: z
    .enum(['exact', 'folded', 'loose'])
    .default('folded')
    .describe('How alike a PagerDuty name and a catalog name must be'),
  loose_words: z
    .array(z.string().trim().min(1).max(100))
    .max(200)
    .optional()
    .describe('What `names: loose` leaves out of PagerDuty names, instead of the usual words'),
  retry: z
    .strictObject({
      horizon_hours: z
        .number()
        .positive()
        .max(24 * 365)
        .default(168)
        .describe('How long a delivery is retried, from its first attempt'),
    })
    .default({ horizon_hours: 168 }),
  retention_days: z
    .number()
    .int()
    .min(30)
    .max(3650)
    .default(400)
    .describe('How long settled rows are kept; more than the retry horizon plus 7 days'),
  metrics_retention_days: z
    .number()
    .int()
    .min(30)
    .max(3650)
    .default(800)
    .describe('How long deployments and incidents are kept for metrics; never shorter than retention_days'),
  link: z
    .strictObject({
      window_hours: z
        .number()
        .min(0)
        .max(24 * 31)
        .default(24)
        .describe('How long after a deployment an incident may be laid to it; 0 links none by time'),
    })
    .default({ window_hours: 24 })
    .describe('Which deployment caused an incident'),
  ingest: ingest
    .optional()
    .describe('Deployments and incidents from other programs: the DORA API, CI systems, telemetry'),
  counts: selection
    .optional()
    .describe('Which incidents count as failures: at destinations that are told of failures, and in metrics'),
  pagerduty: pagerDuty
    .optional()
    .describe("PagerDuty's REST API: what it knows besides what its webhooks tell"),
  catalog_sources: z
    .array(catalogSource)
    .optional()
    .describe('Live catalogs, read on schedule and by `pdbridge catalog sync`'),
  git_hosts: z
    .array(gitHost)
    .optional()
    .describe('GitHub and GitLab, asked which commits a deployment brought: change lead time'),
  destinations: z
    .array(
      z.looseObject({
        type: z.enum(destinationTypes as [string, ...string[]]),
      }),
    )
    .default([])
    .describe('Who gets incident events'),
});

/** The whole configuration as one schema, for editors: each destination type in its place. */
export const publishedSchema = z.strictObject({
  ...bridgeSchema.shape,
  destinations: z
    .array(z.union(kindConfigs.map(({ schema }) => schema)))
    .default([])
    .describe('Who gets incident events'),
});
