import { readFile, stat } from 'node:fs/promises';
import { checkDefinitions } from '../../domain/catalog/check-definitions.ts';
import type { Definition, Finding, ParsedDefinitions } from '../../domain/catalog/definition.ts';
import type { CatalogEntry } from '../../domain/catalog/entry.ts';
import { parseDefinitions } from '../../domain/catalog/parse-definitions.ts';
import { findFiles, unreadable } from './find-files.ts';

/** Far more than any definition file; parsing takes seconds and tens of times this much memory. */
const largestFile = 20_000_000;

export interface ReadCatalog {
  files: string[];
  definitions: Definition[];
  /** What the definitions say, without where; meant for a push. */
  entries: CatalogEntry[];
  errors: Finding[];
  warnings: Finding[];
}

/** Reads every definition below some paths. Never throws for what it finds there; push only without `errors`. */
export async function readCatalog(paths: readonly string[]): Promise<ReadCatalog> {
  const { files, findings } = await findFiles(paths);
  const definitions: Definition[] = [];
  for (const file of files) {
    const parsed = await readDefinitions(file);
    for (const definition of parsed.definitions) definitions.push(definition);
    findings.push(...parsed.findings);
  }
  findings.push(...checkDefinitions(definitions));
  if (definitions.length === 0 && findings.every(({ severity }) => severity === 'warning')) {
    findings.push({
      severity: 'warning',
      file: paths.join(', '),
      reason: 'no service or team is defined here',
    });
  }
  const sorted = [...findings].sort(byPlace);
  return {
    files,
    definitions,
    entries: definitions.map(({ entry }) => entry),
    errors: sorted.filter(({ severity }) => severity === 'error'),
    warnings: sorted.filter(({ severity }) => severity === 'warning'),
  };
}

async function readDefinitions(file: string): Promise<ParsedDefinitions> {
  const error = (reason: string): ParsedDefinitions => ({
    definitions: [],
    findings: [{ severity: 'error', file, reason }],
  });
  try {
    const { size } = await stat(file);
    if (size > largestFile) {
      return error(
        `is ${megabytes(size)} MB; a definition file may have up to ${megabytes(largestFile)} MB, so split it into several`,
      );
    }
    const text = decode(await readFile(file));
    return text === undefined ? error('is not UTF-8 text') : parseDefinitions(file, text);
  } catch (cause) {
    return error(unreadable(cause));
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const megabytes = (bytes: number): string => String(Math.round(bytes / 100_000) / 10);

function byPlace(one: Finding, other: Finding): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0);
}
