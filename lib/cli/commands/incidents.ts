import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { duration } from '../../domain/text/duration.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { eachIncident } from '../../store/incidents/list.ts';
import { newestIncidents } from '../../store/incidents/newest.ts';
import { command, group } from '../command.ts';
import { configOption } from '../config-file.ts';
import { heldRows } from '../held-rows.ts';
import { type IncidentFilter, incidentFilter, incidentStatuses } from '../incident-filter.ts';
import { type Io, printJson } from '../io.ts';
import { limitOf, limitOption, newestListed, saidCount } from '../newest.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';
import { type LinkOptions, link } from './incidents-link.ts';
import { rebuild } from './incidents-rebuild.ts';
import { type RematchOptions, rematch } from './incidents-rematch.ts';
import { show } from './incidents-show.ts';

interface ListOptions extends TargetOptions, WideOptions, IncidentFilter {
  held?: true;
  limit?: string;
  json?: true;
}

/** `pdbridge incidents ls | show | rematch | rebuild` */
export function incidentsCommand(io: Io) {
  const ls = withTarget(
    command(io, 'ls', 'lists incidents, the newest first', [
      'incidents ls --held',
      'incidents ls --team payments --env prod --since 7d',
    ]),
  )
    .option('--status <status>', incidentStatuses.join(', '))
    .option('--service <name>', 'of this service')
    .option('--team <name>', 'of this team')
    .option('--env <name>', 'in this environment')
    .option('--severity <name>', 'of this severity')
    .option('--number <n>', 'with this number')
    .option('--since <time>', 'that began then or later: 7d, 36h, 2026-03-01, 2026-03-01T09:00Z')
    .option('--until <time>', 'that began before then')
    .option('--held', 'only those that are held back')
    .option(...limitOption)
    .option(...wideOption)
    .action((options: ListOptions) => list(options, io));

  const one = withTarget(
    command(io, 'show <id>', 'shows an incident: what happened, whom it belongs to and why, who was told', [
      'incidents show Q2CKYRLH85UNN4',
    ]),
  ).action((id: string, options) => show(id, options, io));

  const again = withTarget(
    command(io, 'rematch [id]', 'has incidents matched again by the catalog of now', [
      'incidents rematch Q2CKYRLH85UNN4',
      'incidents rematch --service PF9KMXH --since 2026-03-01 --resend --dry-run',
    ]),
  )
    .option('--service <id>', 'all incidents at this PagerDuty service')
    .option('--since <time>', 'all incidents that began then or later')
    .option('--resend', 'correct what Datadog was told, as far as that is possible')
    .option('--dry-run', 'only say what would change')
    .option(...configOption)
    .action((id: string | undefined, options: RematchOptions) => rematch(id, options, io));

  const anew = withTarget(
    command(
      io,
      'rebuild [id]',
      'computes incident rows from the log, and judges causes; recorded matches stay',
      ['incidents rebuild --check'],
    ),
  )
    .option('--check', 'only report differences; there should be none')
    .option('--after <id>', 'goes on where it was stopped: only incidents whose id comes after this one')
    .option(...configOption)
    .action((id: string | undefined, options) => rebuild(id, options, io));
  const cause = withTarget(
    command(io, 'link <id> <deployment>', 'says which deployment caused an incident, for good', [
      'incidents link Q2CKYRLH85UNN4 bdef19d1b0bcd67b06f1a4ba4a2b5b68 --note "seen in the trace"',
      'incidents link Q2CKYRLH85UNN4 none',
      'incidents link Q2CKYRLH85UNN4 auto',
    ]),
  )
    .option('--note <text>', 'why')
    .option('--dry-run', 'only say what would change')
    .option(...configOption)
    .action((id: string, deployment: string, options: LinkOptions) => link(id, deployment, options, io));

  const noCause = withTarget(
    command(io, 'unlink <id>', 'says that no deployment caused an incident, for good', [
      'incidents unlink Q2CKYRLH85UNN4 --note "the cloud had an outage"',
    ]),
  )
    .option('--note <text>', 'why')
    .option('--dry-run', 'only say what would change')
    .option(...configOption)
    .action((id: string, options: LinkOptions) => link(id, 'none', options, io));
  const commands = [ls, one, again, anew, cause, noCause];
  return group(io, 'incidents', 'what the bridge knows of each incident', commands);
}

async function list(options: ListOptions, io: Io): Promise<void> {
  const { fits, sinceMs } = incidentFilter(options, io.now());
  const { held, status } = options;
  const limit = limitOf(options);
  const { store } = await resolveTarget(options, io);
  const wanted = { ...(status !== undefined && { status }), ...(held && { held }) };
  const listing = await newestListed(
    store,
    io,
    {
      table: 'incidents',
      fits: (row) => fits(row) && (!held || row['held_reason'] !== undefined),
      timeOf: (row) => String(row['at'] ?? row['last_event_at'] ?? ''),
      walk: (walk) =>
        held ? heldRows(store) : newestIncidents(store, walk, fits, options.json ? undefined : shown),
      every: () => (held && !options.json ? heldRows(store) : eachIncident(store, wanted)),
      sinceMs,
    },
    limit,
  );
  if (options.json) return printJson(io, listing.rows.map(plain));
  io.out(renderTable(columns, listing.rows, widthOf(options, io)));
  io.out(saidCount(listing, (total) => count(total, 'incident')));
}

/** What is read of each: all that is shown, and all that it is chosen by. */
const shown = [
  'incident_id',
  'number',
  'status',
  'withdrawn_at',
  'services',
  'team',
  'env',
  'rule',
  'severity',
  'started_at',
  'time_to_restore_seconds',
  'forwarding',
  'held_reason',
  'reason',
  'title',
]
  .map((name) => `#${name}`)
  .join(', ');

const columns = [
  { title: 'INCIDENT', cell: (row: Row) => cell(row, 'incident_id'), whole: true as const },
  { title: 'NUMBER', cell: (row: Row) => cell(row, 'number'), spare: 6 },
  {
    title: 'STATUS',
    cell: (row: Row) => (row['withdrawn_at'] === undefined ? cell(row, 'status') : 'withdrawn'),
  },
  { title: 'SERVICES', cell: (row: Row) => cell(row, 'services') },
  { title: 'TEAM', cell: (row: Row) => cell(row, 'team'), spare: 3 },
  { title: 'RULE', cell: (row: Row) => cell(row, 'rule'), spare: 7 },
  { title: 'SEVERITY', cell: (row: Row) => cell(row, 'severity'), spare: 5 },
  { title: 'STARTED AT (UTC)', cell: (row: Row) => when(row['started_at']), spare: 4 },
  { title: 'RESTORED IN', cell: (row: Row) => seconds(row['time_to_restore_seconds']), spare: 2 },
  {
    title: 'FORWARDING',
    cell: (row: Row) =>
      [cell(row, 'forwarding'), cell(row, 'held_reason') ?? cell(row, 'reason')].filter(Boolean).join(': '),
  },
  { title: 'TITLE', cell: (row: Row) => cell(row, 'title'), spare: 1 },
];

const seconds = (value: unknown) => (typeof value === 'number' ? duration(value) : undefined);
