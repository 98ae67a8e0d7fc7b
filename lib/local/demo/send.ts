import { randomUUID } from 'node:crypto';
import { sign } from '../../domain/pagerduty/signature.ts';
import type { Stage } from './stage.ts';
import { DemoError } from './until.ts';

/** What the bridge said: `202 accepted`, `503 authentication_failed`. */
export type Answer = string;

/** Sends a body as PagerDuty does: signed with the subscription's secret, over real HTTP. */
export async function send(
  { bridge, signingSecret }: Stage,
  body: string,
  { forged = false } = {},
): Promise<Answer> {
  const bytes = new TextEncoder().encode(body);
  const answer = await fetch(bridge.ready.webhook_url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-pagerduty-signature': sign(bytes, forged ? 'a guess' : signingSecret),
      'x-webhook-id': randomUUID(),
      'x-webhook-subscription': 'PDEMO01',
    },
    body: bytes,
  }).catch(async () => {
    // That a process has ended is told a moment after its connections have broken.
    await new Promise((resolve) => setTimeout(resolve, 200));
    bridge.check();
    throw new DemoError('The bridge does not answer.');
  });
  const { status, error } = (await answer.json()) as { status?: string; error?: string };
  return `${answer.status} ${status ?? error}`;
}
