import { type ReadCatalog, type ReadOptions, readCatalog } from '../adapters/catalog-files/read-catalog.ts';
import { count } from '../adapters/terminal/plain.ts';
import { showFinding } from '../domain/catalog/definition.ts';
import { describeEntry } from '../domain/catalog/entry.ts';
import { collect } from './command.ts';
import type { Io } from './io.ts';

export interface FileOptions {
  exclude?: string[];
  strict?: true;
  verbose?: true;
}

interface TakesOptions {
  option(flags: string, description: string, parse?: typeof collect): this;
}

/** What commands that read definitions have in common. */
export function withFiles<Command extends TakesOptions>(made: Command): Command {
  return made
    .option('--exclude <glob>', 'leave these files out, as in .gitignore; may be repeated', collect)
    .option('--strict', 'refuse everything if one definition has a fault or two contradict each other')
    .option('--verbose', 'say what was passed over, and what was merged');
}

/** Reads definitions below paths; `-` is standard input. */
export function readFiles(paths: readonly string[], options: FileOptions, io: Io): Promise<ReadCatalog> {
  const { exclude, strict } = options;
  const read: ReadOptions = {
    ...(exclude && { exclude }),
    ...(strict && { strict }),
    ...(io.input && { standardInput: io.input }),
  };
  return readCatalog(paths, read);
}

const mergedShown = 10;

/** What there is to say about the files, to the people who keep them. */
export function showRead(read: ReadCatalog, verbose: boolean, say: (text: string) => void): void {
  for (const finding of read.errors) say(`error: ${showFinding(finding)}\n`);
  for (const finding of read.warnings) say(`warning: ${showFinding(finding)}\n`);
  const merged = verbose ? read.merged : read.merged.slice(0, mergedShown);
  for (const { entry, places } of merged)
    say(`merged: ${describeEntry(entry)} from ${places.join(' and ')}\n`);
  if (merged.length < read.merged.length) {
    say(`merged: ${read.merged.length - merged.length} more, which --verbose lists\n`);
  }
  if (verbose) for (const finding of read.notes) say(`passed over: ${showFinding(finding)}\n`);
}

/** `12 definitions from 3 files`, and how many entries they make if that is not as many. */
export function sizeOf({ entries, definitions, files }: ReadCatalog): string {
  const made =
    entries.length === definitions.length ? '' : ` of ${count(entries.length, 'entry', 'entries')}`;
  return `${count(definitions.length, 'definition')}${made} from ${count(files.length, 'file')}`;
}
