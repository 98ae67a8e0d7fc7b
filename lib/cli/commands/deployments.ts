import { cell, count, plain, when } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { eachDeployment } from '../../store/deployments/list.ts';
import { heldDeploymentRows, newestDeployments } from '../../store/deployments/newest.ts';
import { command, group } from '../command.ts';
import { type Io, printJson } from '../io.ts';
import { limitOf, limitOption, newestListed, saidCount } from '../newest.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';
import { show } from './deployments-show.ts';

interface ListOptions extends TargetOptions, WideOptions {
  service?: string;
  env?: string;
  held?: true;
  all?: true;
  limit?: string;
  json?: true;
}

/** `pdbridge deployments ls | show` */
export function deploymentsCommand(io: Io) {
  const ls = withTarget(
    command(io, 'ls', 'lists deployments, each once', ['deployments ls --service checkout-api --env prod']),
  )
    .option('--service <name>', 'of this service')
    .option('--env <name>', 'to this environment')
    .option('--held', 'only those of repositories that nobody knows')
    .option('--all', 'also what is another one, as a second source told it, and what was taken back')
    .option(...limitOption)
    .option(...wideOption)
    .action((options: ListOptions) => list(options, io));

  const one = withTarget(
    command(io, 'show <id>', 'shows a deployment: what was told of it and by whom, who was told', [
      'deployments show bdef19d1b0bcd67b06f1a4ba4a2b5b68',
    ]),
  ).action((id: string, options) => show(id, options, io));
  return group(io, 'deployments', 'what the bridge knows of each deployment', [ls, one]);
}

async function list(options: ListOptions, io: Io): Promise<void> {
  const limit = limitOf(options);
  const { store } = await resolveTarget(options, io);
  const fits = (row: Row) => isWanted(row, options);
  const listing = await newestListed(
    store,
    io,
    {
      table: 'deployments',
      fits,
      timeOf: (row) => String(row['at'] ?? ''),
      walk: (walk) => (options.held ? heldDeploymentRows(store) : newestDeployments(store, walk, fits)),
      every: () => (options.held ? heldDeploymentRows(store) : eachDeployment(store)),
    },
    limit,
  );
  if (options.json) return printJson(io, listing.rows.map(plain));
  io.out(renderTable(columns, listing.rows, widthOf(options, io)));
  io.out(saidCount(listing, (total) => count(total, 'deployment')));
}

function isWanted(row: Row, { service, env, held, all }: ListOptions): boolean {
  const extra =
    row['same_as'] !== undefined || row['deleted_at'] !== undefined || row['split_into'] !== undefined;
  return (
    (all === true || !extra) &&
    (service === undefined || row['service'] === service) &&
    (env === undefined || row['env'] === env) &&
    (held === undefined || row['held'] !== undefined)
  );
}

const columns = [
  { title: 'DEPLOYMENT', cell: (row: Row) => cell(row, 'deployment_id'), whole: true as const },
  { title: 'SERVICE', cell: (row: Row) => cell(row, 'service') ?? cell(row, 'repository_id') },
  { title: 'ENV', cell: (row: Row) => cell(row, 'env') },
  { title: 'VERSION', cell: (row: Row) => cell(row, 'version') ?? cell(row, 'git_commit_sha')?.slice(0, 12) },
  { title: 'STATUS', cell: (row: Row) => statusOf(row) },
  { title: 'KIND', cell: (row: Row) => cell(row, 'kind'), spare: 2 },
  { title: 'FAILURE', cell: (row: Row) => cell(row, 'change_failure'), spare: 3 },
  { title: 'TEAM', cell: (row: Row) => cell(row, 'team'), spare: 4 },
  { title: 'FINISHED AT (UTC)', cell: (row: Row) => when(row['finished_at']), spare: 1 },
  { title: 'SOURCES', cell: (row: Row) => cell(row, 'sources'), spare: 5 },
];

function statusOf(row: Row): string | undefined {
  if (row['deleted_at'] !== undefined) return 'deleted';
  if (row['same_as'] !== undefined) return `is ${cell(row, 'same_as')}`;
  return row['held'] === undefined ? cell(row, 'status') : `held: ${cell(row, 'held')}`;
}
