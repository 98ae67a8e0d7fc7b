import { alarmsOn, functionStates, type Stack, stackOutputs } from '../adapters/aws/deployment.ts';
import type { BridgeConfig } from '../adapters/config/bridge-config.ts';
import { isLoopbackHost } from '../adapters/outgoing-http/loopback.ts';
import { createNodeHttp } from '../adapters/outgoing-http/node-http.ts';
import type { Deployment, RunningPart } from '../flow/doctor/check.ts';
import { HttpFault } from '../ports.ts';
import type { Io } from './io.ts';
import { defaultRegion, runningBridge, type TargetOptions } from './target.ts';

const askMs = 4_000;

/** What the target runs on: this machine, a stack on AWS, or tables of which nothing else is known. */
export async function deploymentOf(
  options: TargetOptions & { url?: string },
  config: BridgeConfig,
  io: Io,
): Promise<Deployment> {
  const { endpointUrl, stage, tablePrefix, url } = options;
  const given = url === undefined ? {} : { webhookUrl: url };
  if (endpointUrl !== undefined) {
    const where = `tables ${tablePrefix}* at ${endpointUrl}`;
    return { where, applyWith: 'restart the bridge', isPublic: isPublic(url), ...given };
  }
  if (stage === undefined && tablePrefix === undefined) return onThisMachine(given, io);
  const region = options.region ?? (await defaultRegion());
  const name = (tablePrefix ?? `pagerduty-bridge-${stage}-`).replace(/[-_.]+$/, '');
  return onAws({ name, region }, given, config);
}

async function onThisMachine(given: { webhookUrl?: string }, io: Io): Promise<Deployment> {
  const ready = await runningBridge(io);
  const webhookUrl = given.webhookUrl ?? ready.webhook_url;
  return {
    where: 'the bridge on this machine',
    webhookUrl,
    isPublic: isPublic(webhookUrl),
    applyWith: 'stop it, and npm start',
    ...(ready.config_fingerprint === undefined ? {} : { configFingerprint: ready.config_fingerprint }),
    functions: async () => [await health(ready.health_url)],
  };
}

async function health(url: string): Promise<RunningPart> {
  const name = 'npm start';
  try {
    const request = { method: 'GET' as const, url, headers: {}, timeoutMs: askMs };
    const { status } = await createNodeHttp({ allowLoopback: true }).send(request);
    return status === 200 ? { name } : { name, fault: `answers ${status} at ${url}` };
  } catch (error) {
    if (error instanceof HttpFault) return { name, fault: `does not answer: ${error.message}` };
    throw error;
  }
}

async function onAws(
  stack: Stack,
  given: { webhookUrl?: string },
  config: BridgeConfig,
): Promise<Deployment> {
  const outputs = await stackOutputs(stack);
  const webhookUrl = given.webhookUrl ?? outputs?.get('WebhookUrl');
  const configFingerprint = outputs?.get('ConfigFingerprint');
  const functions = [
    ...['receive', 'forward', 'sweep'],
    ...((config.catalog_sources ?? []).length > 0 ? ['catalog-sync'] : []),
    ...(config.ingest ? ['ingest'] : []),
    ...(isReconciled(config) ? ['reconcile'] : []),
  ];
  const stage = stack.name.replace(/^pagerduty-bridge-/, '');
  return {
    where: `the stack ${stack.name} in ${stack.region}`,
    isPublic: isPublic(webhookUrl),
    applyWith: `npm run deploy -- --stage ${stage} --region ${stack.region}`,
    functions: () => functionStates(stack, functions),
    alarms: () => alarmsOn(stack),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(configFingerprint === undefined ? {} : { configFingerprint }),
  };
}

const isReconciled = ({ pagerduty }: BridgeConfig): boolean =>
  pagerduty !== undefined &&
  pagerduty.reconcile !== 'off' &&
  (pagerduty.token ?? pagerduty.oauth) !== undefined;

const isPublic = (url: string | undefined): boolean =>
  url !== undefined && URL.canParse(url) && !isLoopbackHost(new URL(url).hostname);
