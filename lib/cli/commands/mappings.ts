import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { eachMapping } from '../../store/mappings/list.ts';
import { pinService, readMapping, unpinService } from '../../store/mappings/mappings.ts';
import { collect, command, group } from '../command.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { limitOf, limitOption, newest } from '../newest.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';

type Options = TargetOptions & { json?: true };

/** `pdbridge mappings ls | pin | unpin` */
export function mappingsCommand(io: Io) {
  const ls = withTarget(
    command(io, 'ls', 'lists what each PagerDuty service is matched with, and why', [
      'mappings ls --unmatched',
    ]),
  )
    .option('--unmatched', 'only services that match nothing')
    .option(...limitOption)
    .action(async (options: Options & { unmatched?: true; limit?: string }) => {
      const limit = limitOf(options);
      const { store } = await resolveTarget(options, io);
      const wanted = options.unmatched ? { unmatched: true } : {};
      const { rows, total } = await newest(
        eachMapping(store, wanted),
        (row) => String(row['matched_at']),
        limit,
      );
      if (options.json) return printJson(io, rows.map(plain));
      io.out(renderTable(columns, rows, io.columns));
      io.out(`${count(total, 'service')}${total > rows.length ? `, the newest ${rows.length} shown` : ''}\n`);
    });

  const pin = withTarget(
    command(io, 'pin <service-id>', 'decides a service by hand, before every rule', [
      'mappings pin PF9KMXH --service checkout-api --team payments',
    ]),
  )
    .option('--service <name>', 'catalog service it belongs to; may be repeated', collect)
    .option('--team <name>', 'catalog team it belongs to')
    .action(async (id: string, options: Options & { service?: string[]; team?: string }) => {
      const { service: services = [], team } = options;
      if (services.length === 0 && team === undefined)
        throw wrongUsage('Pin to what? Give --service, --team or both.');
      const target = await resolveTarget(options, io);
      announceTarget(target, io);
      await pinService(target.store, id, { services, ...(team !== undefined && { team }) });
      if (options.json)
        return printJson(io, { pagerduty_service_id: id, pinned_services: services, pinned_team: team });
      io.out(`Pinned ${id}. Incidents matched from now on go by it; held ones go out with the next sweep.\n`);
      io.out(
        'An incident that is matched already keeps its match: `pdbridge incidents rematch ID` makes it anew.\n',
      );
    });

  const unpin = withTarget(
    command(io, 'unpin <service-id>', 'leaves a service to the rules again', ['mappings unpin PF9KMXH']),
  ).action(async (id: string, options: Options) => {
    const target = await resolveTarget(options, io);
    announceTarget(target, io);
    const mapping = await readMapping(target.store, id);
    if (!mapping)
      throw failed(
        'not_found',
        `There is no mapping of a service ${id}. \`pdbridge mappings ls\` lists them.`,
      );
    await unpinService(target.store, id);
    if (options.json)
      return printJson(io, { pagerduty_service_id: id, was_pinned: mapping.pin !== undefined });
    io.out(mapping.pin ? `Unpinned ${id}; the rules decide from now on.\n` : `${id} was not pinned.\n`);
  });
  return group(io, 'mappings', 'which PagerDuty service belongs to whom', [ls, pin, unpin]);
}

const pinned = (row: Row) => cell(row, 'pinned_services') ?? cell(row, 'pinned_team');
const columns = [
  { title: 'SERVICE', cell: (row: Row) => cell(row, 'pagerduty_service_id') },
  { title: 'NAME', cell: (row: Row) => cell(row, 'pagerduty_service_name') },
  { title: 'RULE', cell: (row: Row) => cell(row, 'rule') },
  { title: 'SERVICES', cell: (row: Row) => cell(row, 'services') },
  { title: 'TEAM', cell: (row: Row) => cell(row, 'team') },
  { title: 'PINNED', cell: pinned },
  { title: 'MATCHED AT', cell: (row: Row) => when(row['matched_at']) },
  { title: 'WHY', cell: (row: Row) => cell(row, 'explanation') },
];
