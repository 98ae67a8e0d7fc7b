import { systemClock, systemRandom } from '../../adapters/aws/lambda-runtime.ts';
import { type ReadCatalog, readCatalog } from '../../adapters/catalog-files/read-catalog.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { showFinding } from '../../domain/catalog/definition.ts';
import type { CatalogDifference } from '../../domain/catalog/difference.ts';
import { isEmpty } from '../../domain/catalog/difference.ts';
import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import { showServiceRef } from '../../domain/pagerduty/service-url.ts';
import { listCatalog } from '../../store/catalog/list.ts';
import { applyPush, planPush } from '../../store/catalog/push.ts';
import { CatalogPushError } from '../../store/catalog/push-error.ts';
import { command, group } from '../command.ts';
import { failed, type Io, printJson } from '../io.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface PushOptions extends TargetOptions {
  source: string;
  dryRun?: true;
  allowEmpty?: true;
  json?: true;
}

/** `pdbridge catalog validate | push | ls` */
export function catalogCommand(io: Io) {
  const validate = command(
    io,
    'validate <path...>',
    'checks catalog definitions: file, line and reason of each fault',
    ['catalog validate services/ teams.yaml'],
  ).action(async (paths: string[], { json }: { json?: true }) => {
    const read = await readCatalog(paths);
    const { files, entries, errors, warnings } = read;
    const services = entries.filter(({ type }) => type === 'service').length;
    const summary = { files: files.length, services, teams: entries.length - services };
    if (json) printJson(io, { valid: errors.length === 0, ...summary, errors, warnings });
    else {
      showFindings(read, io);
      if (errors.length === 0) io.out(`Valid: ${sizeOf(read)}.\n`);
    }
    if (errors.length > 0) throw failed('invalid_catalog');
  });

  const push = withTarget(
    command(io, 'push <path...>', 'makes what this source defines equal to the files; other sources stay', [
      'catalog push services/ --source github.com/acme/checkout --dry-run',
    ]),
  )
    .option('--source <name>', 'who owns these definitions', 'default')
    .option('--dry-run', 'show what would change and change nothing')
    .option('--allow-empty', 'let the files define nothing, which removes all of this source')
    .action((paths: string[], options: PushOptions) => pushFiles(paths, options, io));

  const ls = withTarget(
    command(io, 'ls', 'lists the services and teams of the catalog', ['catalog ls']),
  ).action(async (options: TargetOptions & { json?: true }) => {
    const { store } = await resolveTarget(options, io);
    const catalog = await listCatalog(store);
    if (options.json) return printJson(io, catalog);
    const rows = catalog.sources.flatMap(({ source, entries }) =>
      entries.map((entry) => ({ source, entry })),
    );
    io.out(renderTable(columns, rows, io.columns));
    io.out(`${count(rows.length, 'entry', 'entries')} from ${count(catalog.sources.length, 'source')}\n`);
  });
  return group(io, 'catalog', 'the services and teams incidents are matched with', [validate, push, ls]);
}

async function pushFiles(paths: string[], options: PushOptions, io: Io): Promise<void> {
  const { source, dryRun, allowEmpty, json } = options;
  const read = await readCatalog(paths);
  if (!json || read.errors.length > 0) showFindings(read, json ? { ...io, out: io.err } : io);
  if (read.errors.length > 0)
    throw failed('invalid_catalog', 'Nothing was pushed: the definitions have faults.');
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  try {
    const plan = await planPush(target.store, {
      source,
      entries: read.entries,
      ...(allowEmpty && { allowEmpty }),
    });
    if (!json) showDifference(plan.difference, io);
    const deps = { store: target.store, clock: systemClock, random: systemRandom };
    const result = dryRun ? undefined : await applyPush(deps, plan);
    if (json) return printJson(io, { source, dry_run: dryRun === true, ...plan.difference, ...result });
    if (dryRun) return io.out('Nothing was changed (--dry-run).\n');
    if (isEmpty(plan.difference)) return io.out(`Source "${source}" is already like this.\n`);
    io.out(`Pushed ${sizeOf(read)} as source "${source}". `);
    io.out('Held incidents that match now go out with the next sweep.\n');
  } catch (error) {
    if (error instanceof CatalogPushError) throw failed(error.code, error.message);
    throw error;
  }
}

function showFindings({ errors, warnings }: ReadCatalog, io: Io): void {
  for (const finding of errors) io.out(`error: ${showFinding(finding)}\n`);
  for (const finding of warnings) io.out(`warning: ${showFinding(finding)}\n`);
}

const nameOf = (entry: CatalogEntry) => `${entry.type === 'team' ? 'team' : entry.kind} ${entry.name}`;

function showDifference({ added, changed, removed, unchanged }: CatalogDifference, io: Io): void {
  for (const entry of added) io.out(`+ ${nameOf(entry)}\n`);
  for (const { after, changes } of changed) {
    const list = changes.map(
      ({ attribute, before, after: now }) => `${attribute} ${text(before)} → ${text(now)}`,
    );
    io.out(`~ ${nameOf(after)}: ${list.join(', ')}\n`);
  }
  for (const entry of removed) io.out(`- ${nameOf(entry)}\n`);
  io.out(
    `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} unchanged\n`,
  );
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const sizeOf = ({ entries, files }: ReadCatalog): string =>
  `${count(entries.length, 'definition')} from ${count(files.length, 'file')}`;

type Listed = { source: string; entry: CatalogEntry };
const columns = [
  { title: 'NAME', cell: ({ entry }: Listed) => entry.name },
  { title: 'KIND', cell: ({ entry }: Listed) => (entry.type === 'team' ? 'team' : entry.kind) },
  { title: 'TEAM', cell: ({ entry }: Listed) => (entry.type === 'service' ? entry.team : undefined) },
  {
    title: 'PAGERDUTY',
    cell: ({ entry }: Listed) =>
      entry.type === 'service' && entry.pagerduty ? showServiceRef(entry.pagerduty) : undefined,
  },
  { title: 'SOURCE', cell: ({ source }: Listed) => source },
  { title: 'FORMAT', cell: ({ entry }: Listed) => entry.format },
];
