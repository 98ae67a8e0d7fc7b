import { randomUUID } from 'node:crypto';
import { sign } from '../../domain/pagerduty/signature.ts';
import type { BridgeChild } from './bridge-child.ts';
import type { Stage } from './stage.ts';
import type { Deploys } from './story.ts';
import { DemoError } from './until.ts';

/** What the bridge said: `202 accepted`, `503 authentication_failed`, `200 dora_deployment`. */
export type Answer = string;

/** Sends a body as PagerDuty does: signed with the subscription's secret, over real HTTP. */
export async function send(
  { bridge, signingSecret }: Stage,
  body: string,
  { forged = false } = {},
): Promise<Answer> {
  const bytes = new TextEncoder().encode(body);
  const answer = await post(bridge, bridge.ready.webhook_url, bytes, {
    'user-agent': 'PagerDuty-Webhook/V3.0',
    'x-pagerduty-signature': sign(bytes, forged ? 'a guess' : signingSecret),
    'x-webhook-id': randomUUID(),
    'x-webhook-subscription': 'PDEMO01',
  });
  const { status, error } = (await answer.json()) as { status?: string; error?: string };
  return `${answer.status} ${status ?? error}`;
}

/** Reports a deployment that took three minutes and ended at `at`, as a pipeline does to Datadog. */
export async function reportDeployment(
  { bridge, apiKey }: Stage,
  { service, version }: Deploys,
  at: number,
): Promise<Answer> {
  const nanoseconds = (ms: number) => ms * 1e6;
  const attributes = {
    service,
    version,
    env: 'prod',
    started_at: nanoseconds(at - 180_000),
    finished_at: nanoseconds(at),
  };
  const body = JSON.stringify({ data: { attributes } });
  const url = `${bridge.ready.api_url}/api/v2/dora/deployment`;
  const answer = await post(bridge, url, body, { 'dd-api-key': apiKey });
  const { data, errors } = (await answer.json()) as {
    data?: { type: string };
    errors?: { detail: string }[];
  };
  return `${answer.status} ${data?.type ?? errors?.[0]?.detail}`;
}

async function post(
  bridge: BridgeChild,
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Response> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  return fetch(url, request).catch(async () => {
    // That a process has ended is told a moment after its connections have broken.
    await new Promise((resolve) => setTimeout(resolve, 200));
    bridge.check();
    throw new DemoError('The bridge does not answer.');
  });
}
