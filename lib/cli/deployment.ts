import { pointInTimeRecovery } from '../adapters/aws/backups.ts';
import { countedSince, errorsOf, ourCounter } from '../adapters/aws/counted.ts';
import { alarmsOn, functionStates, type Stack, stackOutputs } from '../adapters/aws/deployment.ts';
import type { BridgeConfig } from '../adapters/config/bridge-config.ts';
import type { WebhooksAnswered } from '../adapters/laptop/webhooks-answered.ts';
import { isLoopbackHost } from '../adapters/outgoing-http/loopback.ts';
import { createNodeHttp } from '../adapters/outgoing-http/node-http.ts';
import type { Deployment, LastWebhooks, RunningPart } from '../flow/doctor/check.ts';
import { HttpFault } from '../ports.ts';
import { iso } from '../store/database/due.ts';
import { tableDefinitions } from '../store/database/table-definitions.ts';
import type { Io } from './io.ts';
import { defaultRegion, runningBridge, type TargetOptions } from './target.ts';

const askMs = 4_000;
const dayMs = 86_400_000;

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
    webhooks: () => webhooksHere(ready.health_url),
  };
}

async function health(url: string): Promise<RunningPart> {
  const name = 'npm start';
  try {
    const { status } = await askHealth(url);
    return status === 200 ? { name } : { name, fault: `answers ${status} at ${url}` };
  } catch (error) {
    if (error instanceof HttpFault) return { name, fault: `does not answer: ${error.message}` };
    throw error;
  }
}

const askHealth = (url: string) =>
  createNodeHttp({ allowLoopback: true }).send({ method: 'GET', url, headers: {}, timeoutMs: askMs });

/** Since it was started. */
async function webhooksHere(url: string): Promise<LastWebhooks> {
  const { webhooks }: { webhooks: WebhooksAnswered } = JSON.parse((await askHealth(url)).body);
  const { since, accepted_at: acceptedAt, refused_at: refusedAt } = webhooks;
  return { since, ...(acceptedAt && { acceptedAt }), ...(refusedAt && { refusedAt }) };
}

async function functionsOf(stack: Stack, functions: readonly string[]): Promise<RunningPart[]> {
  const counters = functions.map((name) => errorsOf(stack, name));
  const [states, errors] = await Promise.all([
    functionStates(stack, functions),
    countedSince(stack, counters, Date.now() - dayMs, Date.now()),
  ]);
  return states.map((state, at): RunningPart => {
    const { times, lastAt } = errors[at] ?? { times: 0 };
    if (lastAt === undefined) return state;
    const readWith = `aws logs tail /aws/lambda/${stack.name}-${state.name} --since 1d --filter-pattern ERROR --region ${stack.region}`;
    return { ...state, failures: { times, lastAt, readWith } };
  });
}

/** Of the last two weeks. */
async function webhooksOn(stack: Stack): Promise<LastWebhooks> {
  const sinceMs = Date.now() - 14 * dayMs;
  const counters = ['WebhooksReceived', 'SignatureMismatches'] as const;
  const [received, mismatches] = await countedSince(
    stack,
    counters.map((name) => ourCounter(stack, name)),
    sinceMs,
    Date.now(),
  );
  return {
    since: iso(sinceMs),
    ...(received?.lastAt && { acceptedAt: received.lastAt }),
    ...(mismatches?.lastAt && { refusedAt: mismatches.lastAt }),
  };
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
    functions: () => functionsOf(stack, functions),
    webhooks: () => webhooksOn(stack),
    backups: () =>
      pointInTimeRecovery(
        stack,
        tableDefinitions.map(({ name }) => `${stack.name}-${name}`),
      ),
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
