import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { deliveriesOf, eachDelivery } from '../../store/deliveries/list.ts';
import { newestDeliveries } from '../../store/deliveries/newest.ts';
import { command, group } from '../command.ts';
import { configOption } from '../config-file.ts';
import { incidentKey } from '../incident-key.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';
import { type Listing, limitOf, limitOption, newestListed, saidCount } from '../newest.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';
import { backfill } from './deliveries-backfill.ts';
import { redrive } from './deliveries-redrive.ts';

const statuses = ['pending', 'delivered', 'skipped', 'dead'];

interface ListOptions extends TargetOptions, WideOptions {
  status?: string;
  destination?: string;
  incident?: string;
  limit?: string;
  json?: true;
}

/** `pdbridge deliveries ls | redrive | backfill` */
export function deliveriesCommand(io: Io) {
  const ls = withTarget(
    command(io, 'ls', 'lists what is owed, sent, skipped and dead', [
      'deliveries ls --status dead --destination warehouse',
    ]),
  )
    .option('--status <status>', statuses.join(', '))
    .option('--destination <name>', 'only of this destination')
    .option('--incident <id>', 'only of this incident')
    .option(...limitOption)
    .option(...wideOption)
    .action((options: ListOptions) => list(options, io));

  const again = withTarget(
    command(io, 'redrive', 'makes dead deliveries due again, with the same id and bytes', [
      'deliveries redrive --destination warehouse --dry-run',
    ]),
  )
    .option('--destination <name>', 'only of this destination')
    .option('--incident <id>', 'only of this incident')
    .option('--dry-run', 'say what would be sent again and change nothing')
    .option(...configOption)
    .action((options) => redrive(options, io));

  const history = withTarget(
    command(io, 'backfill', 'owes a destination the events that were frozen before it was added', [
      'deliveries backfill --destination warehouse --since 2026-03-01 --dry-run',
    ]),
  )
    .requiredOption('--destination <name>', 'who gets them')
    .requiredOption('--since <time>', 'events frozen since then, such as 2026-03-01 or 2026-03-01T09:00Z')
    .option('--dry-run', 'say what would be sent and change nothing')
    .option(...configOption)
    .action((options) => backfill(options, io));
  return group(io, 'deliveries', 'what each destination is owed and got', [ls, again, history]);
}

async function list(options: ListOptions, io: Io): Promise<void> {
  const { status, destination, incident } = options;
  if (status !== undefined && !statuses.includes(status)) {
    throw wrongUsage(`--status is one of ${statuses.join(', ')}, not "${status}".`);
  }
  const limit = limitOf(options);
  const { store } = await resolveTarget(options, io);
  const wanted = {
    ...(status !== undefined && { status }),
    ...(destination !== undefined && { destination }),
  };
  const fits = (row: Row) =>
    (status === undefined || row['status'] === status) &&
    (destination === undefined || row['destination'] === destination);
  const listing =
    incident === undefined
      ? await newestListed(
          store,
          io,
          {
            table: 'deliveries',
            fits,
            timeOf: lastTouched,
            walk: (walk) => newestDeliveries(store, walk, fits),
            every: () => eachDelivery(store, wanted),
          },
          limit,
        )
      : await ofIncident(store, incident, fits, limit);
  if (options.json) return printJson(io, listing.rows.map(plain));
  io.out(renderTable(columns, listing.rows, widthOf(options, io)));
  io.out(saidCount(listing, (total) => count(total, 'delivery', 'deliveries')));
}

/** By the incident's key: nothing else of the table is read. */
async function ofIncident(
  store: Store,
  given: string,
  fits: (row: Row) => boolean,
  limit: number,
): Promise<Listing> {
  const rows = (await deliveriesOf(store, await incidentKey(store, given))).filter(fits);
  const newest = rows.sort((a, b) => (lastTouched(a) < lastTouched(b) ? 1 : -1));
  return { rows: newest.slice(0, limit), total: rows.length };
}

const lastTouched = (row: Row) => String(row['last_attempt_at'] ?? row['next_attempt_at'] ?? '');

const columns = [
  { title: 'INCIDENT', cell: (row: Row) => cell(row, 'incident_id'), whole: true as const },
  { title: 'SEQ', cell: (row: Row) => cell(row, 'sequence') },
  { title: 'EVENT', cell: (row: Row) => cell(row, 'event_type') },
  { title: 'DESTINATION', cell: (row: Row) => cell(row, 'destination') },
  { title: 'STATUS', cell: (row: Row) => cell(row, 'status') },
  { title: 'ATTEMPTS', cell: (row: Row) => cell(row, 'attempts'), spare: 2 },
  { title: 'LAST ATTEMPT (UTC)', cell: (row: Row) => when(row['last_attempt_at']), spare: 4 },
  { title: 'NEXT ATTEMPT (UTC)', cell: (row: Row) => when(row['next_attempt_at']), spare: 3 },
  { title: 'WHY', cell: (row: Row) => cell(row, 'reason') ?? cell(row, 'last_error') },
];
