import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { eachMapping } from '../../store/mappings/list.ts';
import { forgetMapping, readMapping, unpinService } from '../../store/mappings/mappings.ts';
import { newestMappings } from '../../store/mappings/newest.ts';
import { collect, command, group } from '../command.ts';
import { failed, type Io, printJson } from '../io.ts';
import { limitOf, limitOption, newestListed, saidCount } from '../newest.ts';
import { serviceIdOf } from '../pagerduty-service.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';
import { type PinOptions, pin } from './mappings-pin.ts';

type Options = TargetOptions & { json?: true };

/** `pdbridge mappings ls | pin | unpin | forget` */
export function mappingsCommand(io: Io) {
  const ls = withTarget(
    command(io, 'ls', 'lists what each PagerDuty service is matched with, and why', [
      'mappings ls --unmatched',
    ]),
  )
    .option('--unmatched', 'only services that match nothing')
    .option(...limitOption)
    .option(...wideOption)
    .action(async (options: Options & WideOptions & { unmatched?: true; limit?: string }) => {
      const limit = limitOf(options);
      const { store } = await resolveTarget(options, io);
      const unmatched = options.unmatched === true;
      const fits = (row: Row) => !unmatched || (row['rule'] === 'none' && row['deleted'] === undefined);
      const listing = await newestListed(
        store,
        io,
        {
          table: 'mappings',
          fits,
          timeOf: (row) => String(row['matched_at']),
          walk: (walk) => newestMappings(store, walk, fits, unmatched),
          every: () => eachMapping(store, { unmatched }),
        },
        limit,
      );
      if (options.json) return printJson(io, listing.rows.map(plain));
      const shown = columns.filter(({ title }) => title !== 'BY' || listing.rows.some(pinnedBy));
      io.out(renderTable(shown, listing.rows, widthOf(options, io)));
      io.out(saidCount(listing, (total) => count(total, 'service')));
    });

  const pinCommand = withTarget(
    command(io, 'pin <service>', 'decides a service, by its id or address, before every rule', [
      'mappings pin PF9KMXH --service checkout-api --note "until the catalog has its URL"',
    ]),
  )
    .option('--service <name>', 'catalog service it belongs to; may be repeated', collect)
    .option('--team <name>', "catalog team it belongs to; without it, the services' own")
    .option('--note <text>', 'why, for those who come after you')
    .option('--anyway', 'even if the catalog has no such name, or the service was never seen')
    .action((id: string, options: PinOptions) => pin(id, options, io));

  const unpin = withTarget(
    command(io, 'unpin <service>', 'leaves a service to the rules again', ['mappings unpin PF9KMXH']),
  ).action(async (given: string, options: Options) => {
    const id = serviceIdOf(given);
    const target = await resolveTarget(options, io);
    announceTarget(target, io);
    const mapping = await readMapping(target.store, id);
    if (!mapping) throw notFound(id);
    await unpinService(target.store, id);
    if (options.json)
      return printJson(io, { pagerduty_service_id: id, was_pinned: mapping.pin !== undefined });
    io.out(mapping.pin ? `Unpinned ${id}; the rules decide from now on.\n` : `${id} was not pinned.\n`);
  });
  const forget = withTarget(
    command(io, 'forget <service>', 'removes a row that was made by mistake', ['mappings forget PF9KMXH']),
  ).action(async (given: string, options: Options) => {
    const id = serviceIdOf(given);
    const target = await resolveTarget(options, io);
    announceTarget(target, io);
    const outcome = await forgetMapping(target.store, id);
    if (outcome === 'not_found') throw notFound(id);
    if (outcome === 'held') {
      throw failed(
        'held',
        `Incidents are held at ${id}, or were within the last hour: its row is what finds them. Nothing was removed.`,
      );
    }
    if (options.json) return printJson(io, { pagerduty_service_id: id, forgotten: true });
    io.out(`Forgot ${id}. The next webhook that names it makes the row anew, by the rules.\n`);
  });
  return group(io, 'mappings', 'which PagerDuty service belongs to whom', [ls, pinCommand, unpin, forget]);
}

const notFound = (id: string) =>
  failed('not_found', `There is no mapping of a service ${id}. \`pdbridge mappings ls\` lists them.`);

/** Who has pinned it, when and why; a pin set in the console says nothing of that. */
function pinnedBy(row: Row): string | undefined {
  const said = [cell(row, 'pinned_by'), when(row['pinned_at']), cell(row, 'pinned_note')];
  return cell(row, 'pinned_by') === undefined ? undefined : said.filter(Boolean).join(', ');
}

/** PagerDuty has told that it is gone: no to-do, so `--unmatched` leaves it out. */
const named = (row: Row) =>
  [cell(row, 'pagerduty_service_name'), row['deleted'] === true ? '(deleted)' : undefined]
    .filter(Boolean)
    .join(' ') || undefined;

const pinned = (row: Row) => cell(row, 'pinned_services') ?? cell(row, 'pinned_team');
const columns = [
  { title: 'SERVICE', cell: (row: Row) => cell(row, 'pagerduty_service_id'), whole: true as const },
  { title: 'NAME', cell: named },
  { title: 'RULE', cell: (row: Row) => cell(row, 'rule'), spare: 2 },
  { title: 'SERVICES', cell: (row: Row) => cell(row, 'services') },
  { title: 'TEAM', cell: (row: Row) => cell(row, 'team') },
  { title: 'PINNED', cell: pinned, spare: 3 },
  { title: 'BY', cell: pinnedBy, spare: 5 },
  { title: 'MATCHED AT (UTC)', cell: (row: Row) => when(row['matched_at']), spare: 4 },
  { title: 'WHY', cell: (row: Row) => cell(row, 'explanation'), spare: 1 },
];
