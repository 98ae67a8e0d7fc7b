import { waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { countIncidents } from '../../adapters/pagerduty-api/incidents.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { duration } from '../../domain/text/duration.ts';
import { ImportElsewhere, importHistory } from '../../flow/import/import-history.ts';
import { importIncident } from '../../flow/import/import-incident.ts';
import { windowsOf } from '../../flow/import/windows.ts';
import type { ImportProgress } from '../../store/state/imports.ts';
import { collect, command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { askingPagerDuty, pagerDutyOf } from '../pagerduty-api.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { datadogImport } from './import-datadog.ts';

interface Options extends TargetOptions {
  since?: string;
  until?: string;
  service?: string[];
  pace?: string;
  config?: string;
  dryRun?: true;
  json?: true;
}

/** What a request takes, one at a time. */
const requestSeconds = 0.25;
const usualPace = 50;

/** `pdbridge import`: PagerDuty's past, through the same log as webhooks. */
export function importPagerDuty(io: Io) {
  return withTarget(
    command(io, 'import', 'reads incidents of the past from PagerDuty; nobody is sent them unless asked', [
      'import --since 2026-01-01 --dry-run',
      'import --since 2026-01-01 --service PF9KMXH',
    ]),
  )
    .option('--since <time>', 'incidents created from then on, such as 2026-01-01')
    .option('--until <time>', 'and until then; without it, until ten minutes ago')
    .option('--service <id>', 'only those of this PagerDuty service; may be repeated', collect)
    .option('--pace <events>', `events written in a second at most, default ${usualPace}`)
    .option('--dry-run', 'count, and write nothing')
    .option(...configOption)
    .action((options: Options) => importPast(options, io))
    .addCommand(datadogImport(io));
}

async function importPast(options: Options, io: Io): Promise<void> {
  const question = questionOf(options, io);
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  if (!options.dryRun) announceTarget(target, io);
  await askingPagerDuty(async () => {
    const api = pagerDutyOf(config, options, io);
    if (options.dryRun) return dryRun(api, question, options, io);
    const deps = { api, store: target.store, clock: waitingClock };
    const done = await importHistory(
      { ...deps, importOne: (incident, untilMs) => importIncident(deps, incident, 'history', untilMs) },
      { ...question, onProgress: progressOn(io) },
    ).catch((error: unknown) => {
      if (error instanceof ImportElsewhere) throw failed('import_elsewhere', `${error.message}.`);
      throw error;
    });
    await account(api, question, done, options, io);
  });
}

interface Question {
  sinceMs: number;
  untilMs?: number;
  services: string[];
  pace: number;
}

function questionOf({ since, until, service = [], pace }: Options, io: Io): Question {
  const sinceMs = timeOf('--since', since);
  if (sinceMs === undefined) throw wrongUsage('Say from when on: --since 2026-01-01.');
  const untilMs = timeOf('--until', until);
  if (sinceMs >= (untilMs ?? io.now())) throw wrongUsage('--since is not before the end.');
  const events = Number(pace ?? usualPace);
  if (!(events >= 1 && events <= 1000)) throw wrongUsage(`--pace is a number from 1 to 1000, not "${pace}".`);
  return { sinceMs, services: service, pace: events, ...(untilMs === undefined ? {} : { untilMs }) };
}

function timeOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const ms = Date.parse(given);
  if (!Number.isNaN(ms)) return Math.floor(ms / 1000) * 1000;
  throw wrongUsage(`${option} is not a time: "${given}". Write 2026-01-01 or 2026-01-01T09:00Z.`);
}

async function dryRun(api: PagerDutyApi, question: Question, options: Options, io: Io): Promise<void> {
  const { sinceMs, untilMs = io.now() } = question;
  let incidents = 0;
  let windows = 0;
  for await (const { total } of windowsOf(api, { sinceMs, untilMs }, question.services)) {
    incidents += total;
    windows += 1;
  }
  const seconds = Math.ceil(incidents * (1 + 1 / 100) * requestSeconds);
  if (options.json) return printJson(io, { dry_run: true, incidents, windows, about_seconds: seconds });
  io.out(
    `${count(incidents, 'incident')} in ${count(windows, 'window')}, about ${duration(seconds)} of requests.\n`,
  );
  io.out('Nothing was written (--dry-run).\n');
}

const everyMs = 2_000;

/** How far it has come, on standard error, with an estimate of what is left of the window. */
function progressOn(io: Io): (done: { incidents: number; of: number; at: string }) => void {
  const startedMs = io.now();
  let saidMs = startedMs;
  let sum = 0;
  return ({ incidents, of, at }) => {
    sum += 1;
    const now = io.now();
    if (now - saidMs < everyMs) return;
    saidMs = now;
    const left = Math.max(0, of - incidents) * ((now - startedMs) / 1000 / sum);
    io.err(`${sum} incidents, at ${at}; about ${duration(left)} for this window…\n`);
  };
}

interface Month {
  month: string;
  pagerduty: number;
  imported: number;
}

/** What was imported, beside what PagerDuty counts, month by month. */
async function account(
  api: PagerDutyApi,
  question: Question,
  done: ImportProgress,
  options: Options,
  io: Io,
): Promise<void> {
  const months: Month[] = [];
  for (const { month, sinceMs, untilMs } of monthsOf(question.sinceMs, done.untilMs)) {
    const pagerduty = await countIncidents(api, { sinceMs, untilMs }, question.services);
    months.push({ month, pagerduty, imported: done.months[month] ?? 0 });
  }
  const wrong = months.filter(({ pagerduty, imported }) => pagerduty !== imported);
  const unknown = Object.entries(done.unknown);
  if (options.json)
    printJson(io, { months, events: done.events, unknown: done.unknown, unreadable: done.unreadable });
  else {
    io.out(renderTable(columns, months, io.columns));
    io.out(
      `${count(done.events, 'event')} written. Nobody is sent them; \`npx pdbridge deliveries backfill\` does that.\n`,
    );
    if (unknown.length > 0) {
      const types = unknown.map(([type, number]) => `${type} (${number})`).join(', ');
      io.out(`Log entries of types that are not known were passed over: ${types}.\n`);
    }
  }
  if (wrong.length === 0) return;
  const why =
    done.unreadable > 0
      ? ` ${done.unreadable} happened in seconds of which PagerDuty lists only 10,000.`
      : '';
  throw failed(
    'import_differs',
    `${wrong.map(({ month }) => month).join(', ')}: PagerDuty counts otherwise.${why}`,
  );
}

/** By UTC, without a second in common. */
function* monthsOf(sinceMs: number, untilMs: number) {
  for (let from = sinceMs; from <= untilMs; ) {
    const at = new Date(from);
    const next = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
    yield { month: at.toISOString().slice(0, 7), sinceMs: from, untilMs: Math.min(next - 1000, untilMs) };
    from = next;
  }
}

const columns = [
  { title: 'MONTH', cell: ({ month }: Month) => month, whole: true as const },
  { title: 'PAGERDUTY', cell: ({ pagerduty }: Month) => pagerduty },
  { title: 'IMPORTED', cell: ({ imported }: Month) => imported },
];
