import { waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { ReconcileElsewhere, reconcile } from '../../flow/reconcile/reconcile.ts';
import type { ReconcileReport, RepairedIncident, SubscriptionState } from '../../flow/reconcile/run.ts';
import { command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { deploymentOf } from '../deployment.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { askingPagerDuty, pagerDutyOf } from '../pagerduty-api.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface Options extends TargetOptions {
  since?: string;
  config?: string;
  dryRun?: true;
  json?: true;
}

/** `pdbridge reconcile`: what the function of that name does every hour, at once. */
export function reconcileCommand(io: Io) {
  return withTarget(
    command(io, 'reconcile', 'finds what PagerDuty knows and webhooks did not tell, and writes it down', [
      'reconcile --dry-run',
      'reconcile --since 2026-07-01T09:00Z',
    ]),
  )
    .option('--since <time>', 'compare what happened since then, whatever was compared before')
    .option('--dry-run', 'compare, and write nothing')
    .option(...configOption)
    .action((options: Options) => run(options, io));
}

async function run(options: Options, io: Io): Promise<void> {
  const sinceMs = timeOf(options.since, io);
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  if (!options.dryRun) announceTarget(target, io);
  const { webhookUrl, isPublic } = await deploymentOf(options, config, io);
  const report = await askingPagerDuty(() =>
    reconcile(
      {
        api: pagerDutyOf(config, options, io),
        store: target.store,
        clock: { ...waitingClock, now: io.now },
        telemetry: silent,
        retentionDays: config.retention_days,
        ...(isPublic ? { webhookUrl } : {}),
      },
      { stopAtMs: Number.POSITIVE_INFINITY, sinceMs, dryRun: options.dryRun },
    ),
  ).catch((error: unknown) => {
    if (error instanceof ReconcileElsewhere) throw failed('reconcile_elsewhere', `${error.message}.`);
    throw error;
  });
  if (options.json) printJson(io, forMachines(report, options.dryRun === true));
  else show(report, options, io);
}

/** What it has to say stands in the report. */
const silent = { info: () => {}, warn: () => {}, error: () => {}, metric: () => {} };

function timeOf(given: string | undefined, io: Io): number | undefined {
  if (given === undefined) return undefined;
  const ms = Date.parse(given);
  if (Number.isNaN(ms))
    throw wrongUsage(`--since is not a time: "${given}". Write 2026-07-01 or 2026-07-01T09:00Z.`);
  if (ms >= io.now()) throw wrongUsage('--since is in the future.');
  return Math.floor(ms / 1000) * 1000;
}

const states: Record<Exclude<SubscriptionState, 'well'>, string> = {
  disabled: 'was disabled by PagerDuty for a while: nothing is sent',
  off: 'is switched off: nothing is sent',
  gone: 'is not there any more: nothing is sent',
};

function show(report: ReconcileReport, { dryRun }: Options, io: Io): void {
  for (const { id, state } of report.subscriptions)
    if (state !== 'well') io.out(`The webhook subscription ${id} ${states[state]}.\n`);
  if (report.repaired.length > 0) io.out(renderTable(columns, report.repaired, io.columns));
  const until = new Date(report.untilMs).toISOString();
  io.out(`${count(report.compared, 'incident')} compared, up to ${until}; later is left to webhooks.\n`);
  const missing = `${count(report.events, 'event')} of ${count(report.repaired.length, 'incident')}`;
  if (report.events === 0) io.out('Nothing was missing.\n');
  else if (dryRun) io.out(`${missing} would be written down and sent. Nothing was written (--dry-run).\n`);
  else io.out(`${missing} were missing, are written down, and are sent as webhooks would have been.\n`);
  if (report.past > 0)
    io.out(
      `${count(report.past, 'incident')} of the time before are not known here: \`npx pdbridge import\`, or --since.\n`,
    );
  const unknown = Object.entries(report.unknown).map(([type, number]) => `${type} (${number})`);
  if (unknown.length > 0)
    io.out(`Log entries of types that are not known were passed over: ${unknown.join(', ')}.\n`);
  if (report.unreadable > 0)
    io.out(
      `${report.unreadable} log entries of seconds of which PagerDuty lists only 10,000 were not read.\n`,
    );
}

const columns = [
  { title: 'INCIDENT', cell: ({ incidentId }: RepairedIncident) => incidentId, whole: true as const },
  { title: 'DIFFERS', cell: ({ why }: RepairedIncident) => why },
  {
    title: 'MISSING',
    cell: ({ events }: RepairedIncident) => events.map((type) => type.replace(/^incident\./, '')).join(' '),
  },
];

const forMachines = (report: ReconcileReport, dryRun: boolean) => ({
  dry_run: dryRun,
  until: new Date(report.untilMs).toISOString(),
  compared: report.compared,
  events: report.events,
  incidents: report.repaired.map(({ incidentId, why, events }) => ({
    incident_id: incidentId,
    differs: why,
    events,
  })),
  past: report.past,
  unknown: report.unknown,
  unreadable: report.unreadable,
  subscriptions: report.subscriptions,
});
