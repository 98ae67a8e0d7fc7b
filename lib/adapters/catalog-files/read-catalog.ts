import { basename } from 'node:path';
import type {
  Definition,
  Finding,
  ParsedDefinitions,
  Template,
  Unread,
} from '../../domain/catalog/definition.ts';
import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import { parseDefinitions } from '../../domain/catalog/parse-definitions.ts';
import { type MergedEntry, uniteDefinitions } from '../../domain/catalog/unite-definitions.ts';
import { isDefinitionName, showsDefinition } from './definition-marks.ts';
import { type FoundFile, findFiles, unreadable } from './find-files.ts';
import { decode, type Look, largestFile, lookAtFile, megabytes } from './look-at-file.ts';
import { textsBeside } from './read-text.ts';

export interface ReadOptions {
  /** Patterns as in `.gitignore` of what to leave out. */
  exclude?: readonly string[];
  /** Makes definitions that contradict each other an error. */
  strict?: boolean;
  /** What the path `-` stands for. */
  standardInput?: AsyncIterable<Uint8Array>;
}

export interface ReadCatalog {
  /** Those that were parsed. */
  files: string[];
  definitions: Definition[];
  /** What the definitions say together, one entry for each thing defined; meant for a push. */
  entries: CatalogEntry[];
  /** Which of them several definitions make up together. */
  merged: MergedEntry[];
  errors: Finding[];
  warnings: Finding[];
  /** What was passed over. */
  notes: Finding[];
  /** What could not be read, and is to stay as it was pushed before. */
  unread: Unread[];
}

const inputName = 'standard input';

/** Reads every definition below some paths. Never throws for what it finds there. */
export async function readCatalog(paths: readonly string[], options: ReadOptions = {}): Promise<ReadCatalog> {
  const found = findFiles(
    paths.filter((path) => path !== '-'),
    options.exclude,
  );
  const parts = found.files.map(readFound);
  if (paths.includes('-')) parts.push(await readInput(options.standardInput));
  const all = [{ ...nothing, findings: found.findings, unread: found.unread }, ...parts];
  const definitions = parts.flatMap((part) => part.definitions);
  const united = uniteDefinitions(definitions, options.strict);
  const findings = [...all.flatMap((part) => part.findings), ...united.findings];
  const templates = templatesWarning(all.flatMap((part) => part.templates));
  if (templates !== undefined) findings.push(templates);
  const unread = all.flatMap((part) => part.unread);
  if (definitions.length === 0 && findings.every(({ severity }) => severity === 'note')) {
    findings.push({
      severity: 'warning',
      file: paths.join(', '),
      reason: 'no service or team is defined here',
    });
  }
  const sorted = findings.sort(byPlace);
  const severe = (severity: Finding['severity']) => sorted.filter((finding) => finding.severity === severity);
  return {
    files: parts.flatMap((part) => part.file ?? []),
    definitions,
    entries: united.entries,
    merged: united.merged,
    errors: severe('error'),
    warnings: severe('warning'),
    notes: severe('note'),
    unread,
  };
}

interface ReadPart extends ParsedDefinitions {
  /** Present if it was parsed. */
  file?: string;
}

const nothing: ReadPart = { definitions: [], findings: [], unread: [], templates: [] };

function readFound(found: FoundFile): ReadPart {
  const { path, origin, whole, named, home } = found;
  let look: Look;
  try {
    look = lookAtFile(path, whole);
  } catch (error) {
    look = { kind: 'unreadable', why: unreadable(error) };
  }
  if (look.kind === 'passed_over') {
    return { ...nothing, findings: [{ severity: 'note', file: path, reason: look.why }] };
  }
  if (look.kind === 'unreadable') return faulty(path, origin, look.why);
  const { text } = look;
  const parsed = parseDefinitions(path, text, textsBeside(path, home));
  const meant = isDefinitionName(basename(path)) || showsDefinition(text);
  return { ...withOrigin(named && !meant ? asForeign(path, parsed) : parsed, origin), file: path };
}

async function readInput(input: AsyncIterable<Uint8Array> | undefined): Promise<ReadPart> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input ?? []) {
    size += chunk.length;
    if (size > largestFile) return faulty(inputName, '-', `is more than ${megabytes(largestFile)} MB`);
    chunks.push(chunk);
  }
  const look = decode(Buffer.concat(chunks));
  if (look.kind !== 'definitions') return faulty(inputName, '-', look.kind === 'unreadable' ? look.why : '');
  const parsed = parseDefinitions(inputName, look.text);
  const read = showsDefinition(look.text) ? parsed : asForeign(inputName, parsed);
  return { ...withOrigin(read, '-'), file: inputName };
}

const faulty = (file: string, origin: string, reason: string): ReadPart => ({
  ...nothing,
  findings: [{ severity: 'error', file, reason }],
  unread: [{ file: origin }],
});

/** A file that was named, and shows nowhere that it means to define anything: what is wrong with it is not ours. */
function asForeign(file: string, parsed: ParsedDefinitions): ParsedDefinitions {
  if (parsed.definitions.length + parsed.templates.length > 0) return parsed;
  const errors = parsed.findings.filter(({ line, severity }) => severity === 'error' && line !== undefined);
  if (errors.some(({ reason }) => !reason.startsWith('cannot be parsed'))) return parsed;
  const reason = 'has no catalog definition in it and is passed over';
  return { ...nothing, findings: [{ severity: 'warning', file, reason }] };
}

function withOrigin(parsed: ParsedDefinitions, origin: string): ParsedDefinitions {
  return {
    ...parsed,
    definitions: parsed.definitions.map((definition) => ({
      ...definition,
      entry: { ...definition.entry, origins: [{ file: origin, format: definition.entry.format }] },
    })),
    unread: parsed.unread.map((each) => ({ ...each, file: origin })),
  };
}

/** One warning for all of them: in a repository of templates there may be hundreds. */
function templatesWarning(templates: readonly Template[]): Finding | undefined {
  const [first, ...others] = templates;
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : `; so are ${others.length} more`;
  const name = first.name === undefined ? '' : ` named "${first.name}"`;
  return {
    severity: 'warning',
    file: first.file,
    line: first.line,
    reason: `is a template${name}, to be filled in by a tool, and is skipped${more}`,
  };
}

function byPlace(one: Finding, other: Finding): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0);
}
