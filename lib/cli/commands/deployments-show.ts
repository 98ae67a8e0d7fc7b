import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { printable, renderTable } from '../../adapters/terminal/table.ts';
import { identifyById } from '../../domain/deployment/identify.ts';
import { isLeadTimeReason, leadTimeSentence } from '../../domain/deployment/lead-time/reasons.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { duration } from '../../domain/text/duration.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { deliveriesOf } from '../../store/deliveries/list.ts';
import { readDeployment } from '../../store/deployments/deployments.ts';
import { readLog } from '../../store/events/events.ts';
import { failed, type Io, printJson } from '../io.ts';
import { resolveTarget, type TargetOptions } from '../target.ts';

/** A deployment's row, what its log says, and who was told what. Takes its id as it was given, too. */
export async function show(given: string, options: TargetOptions & { json?: true }, io: Io): Promise<void> {
  const { store } = await resolveTarget(options, io);
  const { id, key } = identifyById(given);
  const [row, log, deliveries] = await Promise.all([
    readDeployment(store, id),
    readLog(store, key),
    deliveriesOf(store, key),
  ]);
  if (!row && log.length === 0)
    throw failed('not_found', `There is no deployment ${given}. \`pdbridge deployments ls\` lists them.`);
  const told = log.map(({ receivedAt, eventType, body }) => ({
    received_at: receivedAt,
    event_type: eventType,
    body,
  }));
  if (options.json)
    return printJson(io, {
      deployment: row ? plain(row) : null,
      log: told,
      deliveries: deliveries.map(plain),
    });
  for (const [label, value] of facts(id, row ?? {})) {
    if (value !== undefined) io.out(`${label.padEnd(16)}${printable(value)}\n`);
  }
  io.out(`\n${renderTable(logColumns, log, io.columns)}`);
  if (deliveries.length > 0) io.out(`\n${renderTable(deliveryColumns, deliveries, io.columns)}`);
}

function facts(id: string, row: Row): [string, string | undefined][] {
  return [
    ['deployment', id],
    ['given as', cell(row, 'external_id') === id ? undefined : cell(row, 'external_id')],
    ['service', cell(row, 'service')],
    ['because', cell(row, 'service_explanation')],
    ['team', cell(row, 'team')],
    ['environment', cell(row, 'env')],
    ['version', cell(row, 'version')],
    ['commit', cell(row, 'git_commit_sha')],
    ['repository', cell(row, 'repository_id')],
    ['status', cell(row, 'status')],
    ['kind', [cell(row, 'kind'), cell(row, 'explanation')].filter(Boolean).join(': ') || undefined],
    ['started', when(row['started_at'])],
    ['finished', when(row['finished_at'])],
    ['lead time', leadTime(row)],
    ['change failure', cell(row, 'change_failure')],
    ['put right by', cell(row, 'remediation_id')],
    ['told by', cell(row, 'sources')],
    ['is the same as', cell(row, 'same_as')],
    ['stands for', cell(row, 'split_into')],
    ['held', cell(row, 'held')],
    ['taken back', when(row['deleted_at'])],
  ];
}

function leadTime(row: Row): string | undefined {
  const { lead_time_seconds: seconds, lead_time_commits: commits, lead_time_reason: reason } = row;
  if (typeof seconds === 'number')
    return `${duration(seconds)}, the median of ${count(Number(commits), 'commit')}`;
  return isLeadTimeReason(reason) ? `n/a: ${leadTimeSentence(reason)}` : undefined;
}

const logColumns = [
  { title: 'RECEIVED (UTC)', cell: (event: LoggedEvent) => when(event.receivedAt) },
  { title: 'EVENT', cell: (event: LoggedEvent) => event.eventType },
  { title: 'WHAT WAS SAID', cell: (event: LoggedEvent) => event.body },
];

const deliveryColumns = [
  { title: 'SEQ', cell: (row: Row) => cell(row, 'sequence') },
  { title: 'EVENT', cell: (row: Row) => cell(row, 'event_type') },
  { title: 'DESTINATION', cell: (row: Row) => cell(row, 'destination') },
  {
    title: 'STATUS',
    cell: (row: Row) => [cell(row, 'status'), cell(row, 'reason')].filter(Boolean).join(': '),
  },
];
