import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { duration } from '../../domain/text/duration.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { eachIncident } from '../../store/incidents/list.ts';
import { command, group } from '../command.ts';
import { configOption } from '../config-file.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';
import { limitOf, limitOption, newest } from '../newest.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';
import { rebuild } from './incidents-rebuild.ts';
import { type RematchOptions, rematch } from './incidents-rematch.ts';
import { show } from './incidents-show.ts';

const statuses = ['triggered', 'acknowledged', 'resolved'];

interface ListOptions extends TargetOptions, WideOptions {
  status?: string;
  held?: true;
  limit?: string;
  json?: true;
}

/** `pdbridge incidents ls | show | rematch | rebuild` */
export function incidentsCommand(io: Io) {
  const ls = withTarget(command(io, 'ls', 'lists incidents', ['incidents ls --held']))
    .option('--status <status>', statuses.join(', '))
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
    command(io, 'rebuild [id]', 'computes incident rows from the log; recorded matches stay', [
      'incidents rebuild --check',
    ]),
  )
    .option('--check', 'only report differences; there should be none')
    .option(...configOption)
    .action((id: string | undefined, options) => rebuild(id, options, io));
  return group(io, 'incidents', 'what the bridge knows of each incident', [ls, one, again, anew]);
}

async function list(options: ListOptions, io: Io): Promise<void> {
  const { status, held } = options;
  if (status !== undefined && !statuses.includes(status)) {
    throw wrongUsage(`--status is one of ${statuses.join(', ')}, not "${status}".`);
  }
  const limit = limitOf(options);
  const { store } = await resolveTarget(options, io);
  const wanted = { ...(status !== undefined && { status }), ...(held && { held }) };
  const { rows, total } = await newest(
    eachIncident(store, wanted),
    (row) => String(row['last_event_at'] ?? ''),
    limit,
  );
  if (options.json) return printJson(io, rows.map(plain));
  io.out(renderTable(columns, rows, widthOf(options, io)));
  io.out(`${count(total, 'incident')}${total > rows.length ? `, the newest ${rows.length} shown` : ''}\n`);
}

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
