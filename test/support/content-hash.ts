import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

function filesIn(place: string): string[] {
  if (path.extname(place)) return [place];
  const entries = readdirSync(place, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/**
 * A name for what is made from these files and folders: another one as soon as a byte of them differs.
 * `what` tells apart what is made; a name not in `folder` is looked for in `otherwise`.
 */
export function contentHash(
  folder: string,
  names: readonly string[],
  what: string,
  otherwise = folder,
): string {
  const hash = createHash('sha256').update(what);
  for (const name of names) {
    const base = existsSync(path.join(folder, name)) ? folder : otherwise;
    for (const file of filesIn(path.join(base, name)).sort()) {
      hash.update(`\0${path.relative(base, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 32);
}
