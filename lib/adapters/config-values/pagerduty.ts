import * as z from 'zod';
import { secretReference } from './secret-reference.ts';

/** PagerDuty's REST API, which is asked and, but for the webhook subscription, never changed. */
export const pagerDuty = z
  .strictObject({
    region: z.enum(['us', 'eu']).default('us').describe("The account's service region"),
    token: secretReference.optional().describe('A REST API key; a read-only one will do'),
    write_token: secretReference
      .optional()
      .describe('A REST API key that may write, for what changes the webhook subscription'),
    oauth: z
      .strictObject({
        client_id: z.string().trim().min(1).describe('Of an app with scoped OAuth'),
        client_secret: secretReference,
        subdomain: z.string().regex(/^[a-z0-9-]+$/i, {
          error:
            'must be what stands before .pagerduty.com (or .eu.pagerduty.com) in the address of the account',
        }),
      })
      .optional()
      .describe('Instead of a token: an app of the account, with client credentials'),
  })
  .superRefine(({ token, oauth }, context) => {
    if (token === undefined || oauth === undefined) return;
    context.addIssue({ code: 'custom', message: 'has both token and oauth; one of them is enough' });
  });

export type PagerDutyConfig = z.infer<typeof pagerDuty>;
