import * as z from 'zod';
import { readRepository } from '../../domain/dora/repository.ts';
import { secretReference } from './secret-reference.ts';

const services = z.string().trim().min(1);

/** Two spellings of one repository would contradict each other in silence. */
const repositories = z
  .record(
    z.string(),
    z.union([services, z.array(services).min(1, { error: 'must name at least one service' })]),
  )
  .superRefine((given, context) => {
    const known = new Map<string, string>();
    for (const key of Object.keys(given)) {
      const id = readRepository(key)?.id;
      const twin = id === undefined ? undefined : known.get(id);
      if (id !== undefined) known.set(id, key);
      const fault =
        id === undefined
          ? 'is no repository; write it as host and path, such as github.com/acme/checkout'
          : twin && `is the same repository as ${twin}; name it once, with a list of services`;
      if (fault) context.addIssue({ code: 'custom', path: [key], message: fault });
    }
  });

/** Deployments and incidents that other programs report. */
export const ingest = z.strictObject({
  api_keys: secretReference
    .optional()
    .describe('Keys one of which whoever reports must send, in DD-API-KEY or X-Api-Key'),
  application_keys: secretReference
    .optional()
    .describe('Keys for reading, changing and deleting, in DD-APPLICATION-KEY, beside an API key'),
  github: z
    .strictObject({ secret: secretReference.describe('Secrets of the GitHub webhook') })
    .optional()
    .describe("GitHub's deployment_status webhooks"),
  gitlab: z
    .strictObject({ token: secretReference.describe('Secret tokens of the GitLab webhook') })
    .optional()
    .describe("GitLab's deployment hooks"),
  repositories: repositories
    .optional()
    .describe('Repository to the service, or services, that are deployed from it; goes before the catalog'),
  transient_environments: z
    .boolean()
    .optional()
    .describe("Take deployments to GitHub's transient environments and GitLab's review apps, too"),
  settle_minutes: z
    .number()
    .min(1)
    .max(24 * 60)
    .default(15)
    .describe('Within this time reports from several sources are one deployment, and a new version settles'),
});

export type IngestConfig = z.infer<typeof ingest>;
