import { waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { readLocalSettings } from '../../adapters/config/environment.ts';
import { isLoopbackUrl } from '../../adapters/config-values/receiver-url.ts';
import { createNodeHttp } from '../../adapters/outgoing-http/node-http.ts';
import { PagerDutyFault } from '../../adapters/pagerduty-api/pagerduty-fault.ts';
import { documentedEvents, type SubscriptionFilter } from '../../domain/pagerduty/subscription.ts';
import type { Step } from '../../flow/subscribe/decide.ts';
import { type SubscribeDeps, SubscribeFault, type Wish } from '../../flow/subscribe/deps.ts';
import { look } from '../../flow/subscribe/look.ts';
import { planOf } from '../../flow/subscribe/plan.ts';
import { type Outcome, subscribe } from '../../flow/subscribe/subscribe.ts';
import { command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { deploymentOf } from '../deployment.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { askingPagerDuty, pagerDutyOf } from '../pagerduty-api.ts';
import { secretsOf } from '../secrets.ts';
import { sayStep } from '../subscribe/say-step.ts';
import { secretStoreOf } from '../subscribe/secret-store.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface Options extends TargetOptions {
  config?: string;
  url?: string;
  env?: string;
  description?: string;
  filter?: string;
  store?: string;
  dryRun?: true;
  rotate?: true;
  prune?: true;
  json?: true;
}

/** `pdbridge subscribe`: the webhook subscription, made or mended, its secret stored. */
export function subscribeCommand(io: Io) {
  return withTarget(
    command(io, 'subscribe', 'makes or mends the webhook subscription in PagerDuty, and keeps its secret', [
      'subscribe --stage prod --region eu-central-1 --env prod --dry-run',
      'subscribe --url https://tunnel.example.com/webhooks/pagerduty',
    ]),
  )
    .option('--url <url>', 'the address that PagerDuty shall send to; without it, the deployment’s')
    .option('--env <name>', 'environment of all it tells of, as the header dd_env')
    .option('--description <text>', 'what colleagues read in PagerDuty')
    .option('--filter <scope>', 'account, service:ID or team:ID', 'account')
    .option('--store <reference>', 'where its secret is kept: ssm:/path or file:PATH')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--rotate', 'replace it by a new one, and so its secret')
    .option('--prune', 'remove others that lead to the same address')
    .option(...configOption)
    .action((options: Options) => run(options, io));
}

async function run(options: Options, io: Io): Promise<void> {
  const filter = filterOf(options.filter ?? 'account');
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  const url = await addressOf(options, config, io);
  const secrets = await secretStoreOf(options, config, io);
  if (!options.dryRun) announceTarget(target, io);
  const steps: Step[] = [];
  const report: Report = { url, store: secrets.where, steps, options };
  await askingPagerDuty(async () => {
    const deps: SubscribeDeps = {
      api: pagerDutyOf(config, options, io, { writes: true }),
      store: target.store,
      secrets,
      http: createNodeHttp({ allowLoopback: true }),
      clock: waitingClock,
    };
    const wish = await wishOf(url, filter, options, config, io);
    const before = await look(deps, wish, { disproved: new Set(), rotated: false });
    let plan: Step[] = [];
    try {
      plan = planOf(before.situation);
      if (options.dryRun) return show({ ...report, steps: plan }, undefined, io);
      show(report, await subscribe(deps, wish, (step) => steps.push(step)), io);
    } catch (error) {
      if (error instanceof SubscribeFault) throw failed(`subscribe_${error.code}`, afterSteps(error, steps));
      if (error instanceof PagerDutyFault && error.code === 'forbidden') throw readOnly(plan, report, io);
      throw error;
    }
  });
}

const afterSteps = ({ message }: SubscribeFault, steps: readonly Step[]): string =>
  `${message}.${steps.length > 0 ? ' Once that is mended, run it again: it goes on from there.' : ''}`;

function filterOf(given: string): SubscriptionFilter {
  if (given === 'account') return { type: 'account_reference' };
  const [, kind, id] = /^(service|team):(\w+)$/.exec(given) ?? [];
  if (kind !== undefined && id !== undefined) return { type: `${kind}_reference`, id };
  throw wrongUsage(`--filter is account, service:ID or team:ID, not "${given}".`);
}

/** What PagerDuty cannot reach it must not be told to send to. */
async function addressOf(options: Options, config: BridgeConfig, io: Io): Promise<string> {
  if (options.url !== undefined && !URL.canParse(options.url)) throw wrongUsage('--url is not a URL.');
  const { webhookUrl } = await deploymentOf(options, config, io);
  if (webhookUrl === undefined) throw wrongUsage('Nothing says where PagerDuty shall send to: give --url.');
  const { pagerDutyApiUrl } = readLocalSettings(io.environment);
  const standIn = pagerDutyApiUrl !== undefined && isLoopbackUrl(pagerDutyApiUrl);
  if (standIn || webhookUrl.startsWith('https://')) return webhookUrl;
  throw wrongUsage(
    `PagerDuty cannot send to ${webhookUrl}: give the https:// address of a tunnel with --url.`,
  );
}

async function wishOf(
  url: string,
  filter: SubscriptionFilter,
  options: Options,
  config: BridgeConfig,
  io: Io,
): Promise<Wish> {
  const { env, description, stage } = options;
  const { api_keys } = config.authenticate;
  const [key] = api_keys === undefined ? [] : await secretsOf(options, io).read(api_keys);
  const headers = [
    ...(env === undefined ? [] : [{ name: 'dd_env', value: env }]),
    ...(key === undefined ? [] : [{ name: 'X-Api-Key', value: key }]),
  ];
  return {
    wanted: {
      url,
      filter,
      events: documentedEvents,
      headers: headers.map(({ name }) => name.toLowerCase()),
      ...(description === undefined ? {} : { description }),
    },
    asked: { rotate: options.rotate === true, prune: options.prune === true },
    usualDescription: `catalog bridge${stage === undefined ? '' : `, ${stage}`}`,
    headers,
  };
}

interface Report {
  url: string;
  store: string;
  steps: readonly Step[];
  options: Options;
}

function readOnly(plan: readonly Step[], report: Report, io: Io): Error {
  if (!report.options.json) for (const line of sentences(plan, report.store)) io.out(`to do: ${line}\n`);
  return failed(
    'pagerduty_forbidden',
    'The key may only read. One that may write is needed: pagerduty.write_token in the configuration, or PAGERDUTY_TOKEN, which goes before it.',
  );
}

const sentences = (steps: readonly Step[], store: string): string[] =>
  steps.flatMap((step) => sayStep(step, store) ?? []);

function show({ url, store, steps, options }: Report, outcome: Outcome | undefined, io: Io): void {
  const surplus = outcome?.surplus ?? [];
  const forgetsAt = outcome?.forgetsAtMs && new Date(outcome.forgetsAtMs).toISOString();
  if (options.json) {
    printJson(io, {
      dry_run: outcome === undefined,
      url,
      store,
      steps: steps.flatMap((step) => {
        const says = sayStep(step, store);
        return says === undefined ? [] : [{ do: step.do, ...('id' in step && { id: step.id }), says }];
      }),
      ...(outcome && { subscription_id: outcome.keeper, surplus }),
      ...(forgetsAt && { old_secrets_until: forgetsAt }),
    });
  } else {
    for (const line of sentences(steps, store)) io.out(`${outcome ? '✓' : 'to do:'} ${line}\n`);
    if (!outcome) io.out(steps.length === 0 ? 'Nothing to do.\n' : 'Nothing was changed (--dry-run).\n');
    else io.out(`${steps.length === 0 ? 'Nothing to do: ' : ''}${outcome.keeper} leads to ${url}.\n`);
    if (forgetsAt)
      io.out(`Old secrets are taken until ${forgetsAt}; run this again then, and they leave ${store}.\n`);
    if (steps.some((step) => step.do === 'enable') && outcome)
      io.out('What was not sent meanwhile: npx pdbridge reconcile\n');
  }
  if (surplus.length === 0) return;
  const text = `${surplus.join(', ')} ${surplus.length === 1 ? 'leads' : 'lead'} here too: every event comes more than once. --prune removes ${surplus.length === 1 ? 'it' : 'them'}.`;
  throw failed('subscribe_surplus', text);
}
