import { systemClock } from '../../adapters/aws/lambda-runtime.ts';
import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { parseWebhook } from '../../domain/pagerduty/webhook.ts';
import { quarantine } from '../../domain/subject/quarantine.ts';
import { loggedEvent } from '../../flow/receive/incoming-event.ts';
import { subjectOf } from '../../flow/subjects/subjects.ts';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { appendEvent } from '../../store/events/append-event.ts';
import { eachQuarantined, markReplayed, readQuarantined } from '../../store/events/quarantine.ts';
import { command, group } from '../command.ts';
import { failed, type Io, printJson } from '../io.ts';
import { limitOf, limitOption, newest } from '../newest.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';

type Options = TargetOptions & { json?: true };

/** `pdbridge quarantine ls | replay` */
export function quarantineCommand(io: Io) {
  const ls = withTarget(
    command(io, 'ls', 'lists authentic deliveries that could not be read', ['quarantine ls --json']),
  )
    .option(...limitOption)
    .option(...wideOption)
    .action(async (options: Options & WideOptions & { limit?: string }) => {
      const limit = limitOf(options);
      const { store } = await resolveTarget(options, io);
      const { rows, total } = await newest(
        eachQuarantined(store),
        (row) => String(row['received_at']),
        limit,
      );
      if (options.json)
        return printJson(
          io,
          rows.map((row) => ({ id: idOf(row), ...plain(row), body: bodyOf(row) })),
        );
      io.out(renderTable(columns, rows, widthOf(options, io)));
      io.out(`${count(total, 'delivery', 'deliveries')} in quarantine\n`);
    });

  const replay = withTarget(
    command(io, 'replay <id>', 'reads a delivery again, after an upgrade that understands it', [
      'quarantine replay 3f0a9c…',
    ]),
  ).action((id: string, options: Options) => replayOne(id, options, io));
  return group(io, 'quarantine', 'deliveries that were authentic but unreadable', [ls, replay]);
}

async function replayOne(given: string, options: Options, io: Io): Promise<void> {
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const id = quarantine.owns(given) ? quarantine.idOf(given) : given;
  const row = await readQuarantined(target.store, id);
  if (!row)
    throw failed('not_found', `Nothing is in quarantine as ${id}. \`pdbridge quarantine ls\` lists the ids.`);
  const parsed = parseWebhook(row['body_bytes'] as Uint8Array);
  if (parsed.kind === 'unreadable') throw failed('unreadable', `It still cannot be read: ${parsed.reason}`);
  if (parsed.kind === 'ping') throw failed('ping', 'It is a ping; there is nothing to log.');
  const { eventId, eventType, subject } = parsed.envelope;
  const now = systemClock.now();
  const header = (attribute: string, name: 'envHeader' | 'webhookId' | 'subscriptionId') =>
    typeof row[attribute] === 'string' ? { [name]: row[attribute] as string } : {};
  const event = loggedEvent({ ...parsed.envelope, body: parsed.text }, String(row['received_at']), {
    ...header('env_header', 'envHeader'),
    ...header('webhook_id', 'webhookId'),
    ...header('subscription_id', 'subscriptionId'),
  });
  const status = await appendEvent(target.store, event, now);
  await markReplayed(target.store, id, eventId, iso(now));
  if (options.json)
    return printJson(io, { id, status, event_id: eventId, event_type: eventType, incident_id: subject });
  io.out(
    status === 'accepted'
      ? `Accepted: ${eventType} of ${nameOf(subject)}, event ${eventId}. It goes out within two minutes.\n`
      : `The event ${eventId} is in the log already.\n`,
  );
}

/** As people call it: `incident Q2CKYRLH85UNN4`. */
function nameOf(subject: string): string {
  const { kind } = subjectOf(subject);
  return `${kind.noun} ${kind.idOf(subject)}`;
}

const idOf = (row: Row) => quarantine.idOf(String(row['incident_id']));

function bodyOf(row: Row): string | undefined {
  return row['body_bytes'] instanceof Uint8Array ? new TextDecoder().decode(row['body_bytes']) : undefined;
}

const columns = [
  { title: 'ID', cell: idOf, whole: true as const },
  { title: 'RECEIVED AT (UTC)', cell: (row: Row) => when(row['received_at']), spare: 1 },
  { title: 'REPLAYED AT (UTC)', cell: (row: Row) => when(row['replayed_at']), spare: 2 },
  { title: 'REASON', cell: (row: Row) => cell(row, 'reason') },
];
