import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../domain/catalog/definition.ts';

const definitionFile = /\.(?:ya?ml|json)$/i;
/** Folders of tools, never of definitions. */
const skipped = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

export interface FoundFiles {
  /** As the user would write them, sorted, each file once however many paths lead to it. */
  files: string[];
  findings: Finding[];
}

/** A file is taken as it is; of a folder, every .yaml, .yml and .json file at any depth. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, string>();
  const findings: Finding[] = [];
  const seen = new Set<string>();

  async function visit(path: string, named: boolean): Promise<void> {
    try {
      const real = await realpath(path);
      const info = await stat(real);
      if (info.isDirectory()) {
        // Links may lead in circles.
        if (!seen.has(real)) {
          seen.add(real);
          await visitFolder(path);
        }
      } else if (!info.isFile()) {
        if (named) findings.push({ severity: 'error', file: path, reason: 'is neither a file nor a folder' });
      } else if ((named || definitionFile.test(path)) && !files.has(real)) files.set(real, path);
    } catch (error) {
      findings.push({ severity: 'error', file: path, reason: unreadable(error) });
    }
  }

  async function visitFolder(folder: string): Promise<void> {
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true });
    for (const { name } of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (!skipped(name)) await visit(join(folder, name), false);
    }
  }

  for (const path of paths) {
    const before = files.size + findings.length;
    await visit(path, true);
    if (files.size + findings.length === before) {
      const reason = 'has no .yaml, .yml or .json file that was not read already';
      findings.push({ severity: 'warning', file: path, reason });
    }
  }
  return { files: [...files.values()].sort(), findings };
}

/** What the operating system said, in words. */
export function unreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const said: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    EPERM: 'may not be read by this user',
    ELOOP: 'is a link that leads in circles',
  };
  return said[code] ?? `cannot be read: ${(error as Error).message}`;
}
