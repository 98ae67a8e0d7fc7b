import * as z from 'zod';
import { datadogSite } from '../config-values/datadog-site.ts';
import { receiverUrl } from '../config-values/receiver-url.ts';
import { secretReference } from '../config-values/secret-reference.ts';

const common = {
  name: z
    .string()
    .regex(/^[a-z0-9_-]{1,64}$/, { error: 'must be 1 to 64 of a-z, 0-9, _ and -' })
    .describe('The source its entries belong to, as with catalog push --source'),
  allow_private: z.boolean().default(false).describe('Let requests go to private and link-local addresses'),
};

/** Live catalogs that `pdbridge catalog sync` reads. */
export const catalogSource = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('backstage'),
    url: receiverUrl.describe('Address of Backstage; /api/catalog is added'),
    token: secretReference,
  }),
  z.strictObject({
    ...common,
    type: z.literal('datadog'),
    site: datadogSite.default('datadoghq.com'),
    api_key: secretReference,
    application_key: secretReference,
    base_url: receiverUrl.optional().describe('Another address, for tests and proxies'),
  }),
]);

/** Which keys of a source hold references to secrets, and which addresses: what a deployment has to know. */
export const sourceKeys: Record<
  z.infer<typeof catalogSource>['type'],
  { secrets: readonly string[]; urls: readonly string[] }
> = {
  backstage: { secrets: ['token'], urls: ['url'] },
  datadog: { secrets: ['api_key', 'application_key'], urls: ['base_url'] },
};
