import * as z from 'zod';
import { receiverUrl } from '../config-values/receiver-url.ts';
import { secretReference } from '../config-values/secret-reference.ts';

/** Where the code of what is deployed is kept: asked which commits a deployment brought. */
export const gitHost = z.strictObject({
  type: z.enum(['github', 'gitlab']).describe('Whose API it has'),
  token: secretReference.describe('Token that may read the repositories: env:NAME, or ssm:/path on AWS'),
  base_url: receiverUrl
    .optional()
    .describe(
      'Address of an enterprise host, as in a browser; /api/v3 (GitHub) or /api/v4 (GitLab) is added',
    ),
  host: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, {
      error: 'must be the host in the addresses of repositories, such as git.example.com',
    })
    .optional()
    .describe("Host in the addresses of repositories, where it is not base_url's"),
  allow_private: z.boolean().default(false).describe('Let requests go to private and link-local addresses'),
});
