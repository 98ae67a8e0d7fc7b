import { waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import { type DatadogAccess, DatadogFault, listPage } from '../../adapters/datadog-api/dora-lists.ts';
import { createNodeHttp } from '../../adapters/outgoing-http/node-http.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { momentOf } from '../../domain/metrics/moment.ts';
import { type Imported, importDatadog, type Tally } from '../../flow/import-datadog/import-datadog.ts';
import { knownIncidents } from '../../flow/import-datadog/known-incidents.ts';
import { command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface Options extends TargetOptions {
  since: string;
  until?: string;
  site?: string;
  url?: string;
  apiKey?: string;
  applicationKey?: string;
  config?: string;
  json?: true;
}

/** `pdbridge import datadog` */
export function datadogImport(io: Io) {
  return withTarget(
    command(io, 'datadog', 'reads failures and deployments out of Datadog, before they are gone there', [
      'import datadog --since 2025-01-01 --site datadoghq.eu',
      'import datadog --since 90d --stage prod --region eu-central-1',
    ]),
  )
    .requiredOption('--since <time>', 'what started from then on: 365d, 2025-01-01')
    .option('--until <time>', 'and up to then (now)')
    .option('--site <site>', 'Datadog’s site (DD_SITE, or datadoghq.com)')
    .option('--url <url>', 'another address of Datadog’s API, for tests and proxies')
    .option('--api-key <key>', 'better in DD_API_KEY')
    .option('--application-key <key>', 'better in DD_APP_KEY; it needs dora_metrics_read')
    .option(...configOption)
    .action((options: Options) => run(options, io));
}

async function run(options: Options, io: Io): Promise<void> {
  const nowMs = io.now();
  // Whole days, so that the same import again is the same range.
  const fromMs = Math.floor(moment('--since', options.since, nowMs) / 86_400_000) * 86_400_000;
  const toMs = options.until === undefined ? nowMs : moment('--until', options.until, nowMs);
  if (fromMs >= toMs) throw wrongUsage('--since must lie before --until.');
  const access = accessOf(options, io);
  const { env_names } = await configOf(options, io);
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  const api = { http: createNodeHttp({ allowLoopback: true }), clock: waitingClock };
  const isKnown = await knownIncidents(store, fromMs, nowMs, env_names);
  const tallies: Partial<Record<Imported, Tally>> = {};
  for (const what of ['failures', 'deployments'] as const) {
    const progress = (read: number, reachedMs: number) =>
      io.err(`${read} ${what} read, back to ${new Date(reachedMs).toISOString()}…\n`);
    try {
      tallies[what] = await importDatadog(
        { store, clock: io, ask: (range) => listPage(api, access, what, range), isKnown, progress },
        what,
        { fromMs, toMs },
      );
    } catch (error) {
      if (!(error instanceof DatadogFault)) throw error;
      throw failed('datadog', `${error.message} What was read is kept; the same command goes on from there.`);
    }
    if (!options.json) show(what, tallies[what] as Tally, io);
  }
  if (options.json) return printJson(io, tallies);
  io.out(
    'They are worked out with the next sweeps and counted by `pdbridge dora`; nobody is sent any of it.\n',
  );
}

function accessOf(options: Options, { environment }: Io): DatadogAccess {
  const apiKey = options.apiKey ?? environment['DD_API_KEY'];
  const applicationKey = options.applicationKey ?? environment['DD_APP_KEY'];
  if (!apiKey || !applicationKey)
    throw wrongUsage(
      'Datadog’s lists need two keys: set DD_API_KEY and DD_APP_KEY (an application key with dora_metrics_read).',
    );
  const site = options.site ?? environment['DD_SITE'] ?? 'datadoghq.com';
  const baseUrl = (options.url ?? `https://api.${site}`).replace(/\/+$/, '');
  if (!URL.canParse(baseUrl)) throw wrongUsage(`This is no address: ${baseUrl}`);
  return { baseUrl, apiKey, applicationKey };
}

function show(what: Imported, { read, imported, before, known, unreadable, crowded }: Tally, io: Io): void {
  io.out(
    `${count(read, what.slice(0, -1))} read: ${imported} imported, ${before} imported before, ${known} known already.\n`,
  );
  for (const { id, reason } of unreadable.slice(0, 20)) io.out(`Left out: ${id}: ${reason}.\n`);
  if (unreadable.length > 20) io.out(`Left out: ${unreadable.length - 20} more.\n`);
  for (const at of crowded)
    io.out(`At ${at} more may have started than Datadog gives at once; look there.\n`);
}

function moment(option: string, text: string, nowMs: number): number {
  const ms = momentOf(text, nowMs, 'UTC');
  if (ms === undefined) throw wrongUsage(`${option} is not a time: "${text}". Write 365d or 2025-01-01.`);
  return ms;
}
