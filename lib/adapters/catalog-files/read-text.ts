import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import type { ReadText } from '../../domain/catalog/format.ts';

const longest = 4_000;

/**
 * Reads the small text files a definition refers to (`$text: ./OWNER`): only such as lie in the same repository,
 * never an address.
 */
export function textsBeside(file: string, home: string): ReadText {
  return (reference) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return undefined;
    try {
      const path = realpathSync(resolve(dirname(file), reference));
      const info = statSync(path);
      if (!path.startsWith(`${realpathSync(home)}${sep}`) || !info.isFile() || info.size > longest)
        return undefined;
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };
}
