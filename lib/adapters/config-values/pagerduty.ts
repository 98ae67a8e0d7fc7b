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
    reconcile: z
      .enum(['hourly', 'off'])
      .default('hourly')
      .describe('Whether PagerDuty is asked every hour for what its webhooks did not tell'),
    reenable: z
      .boolean()
      .default(false)
      .describe('Switch a webhook subscription on again that PagerDuty has disabled; needs write_token'),
  })
  .superRefine(({ token, write_token, oauth, reconcile, reenable }, context) => {
    const fault = (message: string) => context.addIssue({ code: 'custom', message });
    if (token !== undefined && oauth !== undefined) fault('has both token and oauth; one of them is enough');
    if (reenable && write_token === undefined)
      fault('has reenable without write_token: enabling a subscription takes a key that may write');
    if (reenable && reconcile === 'off') fault('has reenable, which reconcile does, with reconcile: off');
  });

export type PagerDutyConfig = z.infer<typeof pagerDuty>;
