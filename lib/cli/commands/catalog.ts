import type { ReadCatalog } from '../../adapters/catalog-files/read-catalog.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { defaultNamespace, kindOf } from '../../domain/catalog/entry.ts';
import { showServiceRef } from '../../domain/pagerduty/service-url.ts';
import { type CatalogItem, catalogItems, listCatalog } from '../../store/catalog/list.ts';
import { type FileOptions, readFiles, showRead, sizeOf, withFiles } from '../catalog-files.ts';
import { command, group } from '../command.ts';
import { failed, type Io, printJson } from '../io.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { catalogPush } from './catalog-push.ts';
import { catalogSync } from './catalog-sync.ts';

/** `pdbridge catalog validate | push | sync | ls` */
export function catalogCommand(io: Io) {
  const validate = withFiles(
    command(
      io,
      'validate <path...>',
      'checks catalog definitions (- is standard input): file, line and reason of each fault',
      ['catalog validate services/ teams.yaml'],
    ),
  ).action((paths: string[], options: FileOptions & { json?: true }) => validateFiles(paths, options, io));

  const ls = withTarget(
    command(io, 'ls', 'lists the services and teams of the catalog', ['catalog ls']),
  ).action(async (options: TargetOptions & { json?: true }) => {
    const { store } = await resolveTarget(options, io);
    const catalog = await listCatalog(store);
    if (options.json) return printJson(io, catalog);
    const items = catalogItems(catalog);
    const namespaced = items.some(({ entry }) => entry.namespace !== defaultNamespace);
    io.out(
      renderTable(
        namespaced ? [nameColumn, namespaceColumn, ...columns] : [nameColumn, ...columns],
        items,
        io.columns,
      ),
    );
    io.out(`${count(items.length, 'entry', 'entries')} from ${count(catalog.sources.length, 'source')}\n`);
  });
  return group(io, 'catalog', 'the services and teams incidents are matched with', [
    validate,
    catalogPush(io),
    catalogSync(io),
    ls,
  ]);
}

async function validateFiles(paths: string[], options: FileOptions & { json?: true }, io: Io): Promise<void> {
  const read = await readFiles(paths, options, io);
  const { files, entries, errors, warnings, merged, notes } = read;
  const services = entries.filter(({ type }) => type === 'service').length;
  const empty = read.definitions.length === 0;
  const valid = errors.length === 0 && !empty;
  const summary = { files: files.length, services, teams: entries.length - services };
  if (options.json) {
    const passedOver = options.verbose ? { passed_over: notes } : {};
    printJson(io, { valid, ...summary, errors, warnings, merged, ...passedOver });
  } else {
    showRead(read, options.verbose === true, io.out);
    if (valid) io.out(`Valid: ${sizeOf(read)}.\n`);
    else if (errors.length > 0) io.out(`${count(errors.length, 'fault')}. ${whatIsLeft(read, options)}\n`);
  }
  if (errors.length > 0) throw failed('invalid_catalog');
  if (empty) {
    const where = paths.map((path) => (path === '-' ? 'standard input' : path)).join(', ');
    throw failed(
      'catalog_empty',
      options.json ? undefined : `Nothing is valid in ${where}: no service or team is defined there.`,
    );
  }
}

const whatIsLeft = (read: ReadCatalog, { strict }: FileOptions): string =>
  strict
    ? 'Nothing is pushed with --strict.'
    : read.definitions.length === 0
      ? 'There is nothing else to push.'
      : `What has none can be pushed: ${sizeOf(read)}.`;

const nameColumn = { title: 'NAME', cell: ({ name }: CatalogItem) => name };
const namespaceColumn = { title: 'NAMESPACE', cell: ({ entry }: CatalogItem) => entry.namespace };
const columns = [
  { title: 'KIND', cell: ({ entry }: CatalogItem) => kindOf(entry) },
  { title: 'TEAM', cell: ({ entry }: CatalogItem) => (entry.type === 'service' ? entry.team : undefined) },
  {
    title: 'PAGERDUTY',
    cell: ({ entry }: CatalogItem) =>
      entry.type === 'service' && entry.pagerduty ? showServiceRef(entry.pagerduty) : undefined,
  },
  { title: 'SOURCE', cell: ({ sources }: CatalogItem) => sources.join(', ') },
  { title: 'FORMAT', cell: ({ formats }: CatalogItem) => formats.join(', ') },
];
