import { systemRandom, waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import type { ReadCatalog } from '../../adapters/catalog-files/read-catalog.ts';
import { count } from '../../adapters/terminal/plain.ts';
import type { CatalogDifference } from '../../domain/catalog/difference.ts';
import { type CatalogEntry, describeEntry, entryIdentity, kindOf } from '../../domain/catalog/entry.ts';
import { applyPush, planPush } from '../../store/catalog/push.ts';
import { CatalogPushError } from '../../store/catalog/push-error.ts';
import type { PushPlan, PushResult } from '../../store/catalog/push-plan.ts';
import { type FileOptions, readFiles, showRead, sizeOf, withFiles } from '../catalog-files.ts';
import { command } from '../command.ts';
import { configOption } from '../config-file.ts';
import { failed, type Io, printJson } from '../io.ts';
import { machineReadableReleased, releasedBy, showReleased } from '../released.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface PushOptions extends TargetOptions, FileOptions {
  source: string;
  dryRun?: true;
  allowEmpty?: true;
  config?: string;
  json?: true;
}

/** `pdbridge catalog push`: takes the definitions that can be read; faults are listed and end with 1. */
export function catalogPush(io: Io) {
  return withTarget(
    withFiles(
      command(
        io,
        'push <path...>',
        'makes what this source defines equal to the files (- is standard input); other sources stay',
        ['catalog push services/ --source github.com/acme/checkout --dry-run'],
      ),
    ),
  )
    .option('--source <name>', 'who owns these definitions', 'default')
    .option('--dry-run', 'show what would change and change nothing')
    .option(...configOption)
    .option('--allow-empty', 'let the files define nothing, which removes all of this source')
    .action((paths: string[], options: PushOptions) => pushFiles(paths, options, io));
}

async function pushFiles(paths: string[], options: PushOptions, io: Io): Promise<void> {
  const { dryRun, json } = options;
  const read = await readFiles(paths, options, io);
  const { errors } = read;
  showRead(read, options.verbose === true, json ? io.err : io.out);
  if (errors.length > 0 && options.strict) {
    throw failed(
      'invalid_catalog',
      'Nothing was pushed: the definitions have faults, which --strict does not allow.',
    );
  }
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const deps = { store: target.store, clock: waitingClock, random: systemRandom };
  try {
    const plan = await planPush(target.store, requestOf(read, options));
    if (!json) showPlan(plan, io);
    const result = dryRun ? undefined : await applyPush(deps, plan);
    const released = dryRun && (await releasedBy(plan, target.store, options, io));
    if (json) {
      const then = released ? machineReadableReleased(released) : {};
      printJson(io, { ...machineReadable(read, plan, dryRun === true, result), ...then });
    } else {
      if (released) io.out(showReleased(released));
      sayDone(read, plan, result, io);
    }
  } catch (error) {
    if (!(error instanceof CatalogPushError)) throw error;
    if (error.code === 'catalog_empty' && errors.length > 0) {
      throw failed('invalid_catalog', 'Nothing was pushed: no definition could be read.');
    }
    throw failed(error.code, error.message);
  }
  if (errors.length > 0)
    throw failed('invalid_catalog', json ? undefined : leftOut(errors.length, dryRun === true));
}

const leftOut = (faults: number, dryRun: boolean): string =>
  `${count(faults, 'fault')} in the definitions, listed above: what has them ${dryRun ? 'would be' : 'was'} left as it was.`;

function requestOf(read: ReadCatalog, { source, allowEmpty, strict }: PushOptions) {
  return {
    source,
    entries: read.entries,
    unread: read.unread,
    ...(allowEmpty && { allowEmpty }),
    ...(strict && { strict }),
  };
}

function machineReadable(
  read: ReadCatalog,
  plan: PushPlan,
  dryRun: boolean,
  result: Awaited<ReturnType<typeof applyPush>> | undefined,
) {
  const { errors, warnings, merged } = read;
  const { source, difference, kept, contradictions } = plan;
  return {
    source,
    dry_run: dryRun,
    ...difference,
    kept,
    merged,
    errors,
    warnings,
    ...result,
    contradictions: [...contradictions, ...(result?.contradictions ?? [])],
  };
}

function sayDone(
  read: ReadCatalog,
  { source }: PushPlan,
  result: Pick<PushResult, 'contradictions' | 'rowsWritten'> | undefined,
  io: Io,
): void {
  for (const sentence of result?.contradictions ?? []) io.out(`warning: ${sentence}\n`);
  if (result === undefined) io.out('Nothing was changed (--dry-run).\n');
  else if (result.rowsWritten === 0) io.out(`Source "${source}" is already like this.\n`);
  else {
    io.out(`Pushed ${sizeOf(read)} as source "${source}". `);
    io.out('Held incidents that match now go out with the next sweep.\n');
  }
}

/** What a plan would change, for people. */
export function showPlan({ difference, kept, contradictions, stillDefined }: PushPlan, io: Io): void {
  for (const sentence of contradictions) io.out(`warning: ${sentence}\n`);
  for (const entry of kept) io.out(`kept ${nameOf(entry)}, from ${entry.keptFrom?.slice(0, 10)}\n`);
  const others = new Map(
    stillDefined.map(({ entry, others: sources }) => [
      entryIdentity(entry),
      ` (source ${sources.map(({ source }) => `"${source}"`).join(', ')} still defines it)`,
    ]),
  );
  showDifference(difference, others, io);
}

const nameOf = (entry: CatalogEntry) =>
  entry.namespace === 'default' ? `${kindOf(entry)} ${entry.name}` : describeEntry(entry).replaceAll('"', '');

function showDifference(
  { added, changed, removed, unchanged }: CatalogDifference,
  others: ReadonlyMap<string, string>,
  io: Io,
): void {
  for (const entry of added) io.out(`+ ${nameOf(entry)}\n`);
  for (const { after, changes } of changed) {
    const list = changes.map(
      ({ attribute, before, after: now }) => `${attribute} ${text(before)} → ${text(now)}`,
    );
    io.out(`~ ${nameOf(after)}: ${list.join(', ')}\n`);
  }
  for (const entry of removed) io.out(`- ${nameOf(entry)}${others.get(entryIdentity(entry)) ?? ''}\n`);
  io.out(
    `${added.length} added, ${changed.length} changed, ${removed.length} removed, ${unchanged} unchanged\n`,
  );
}

const text = (value: unknown): string =>
  value === null ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
