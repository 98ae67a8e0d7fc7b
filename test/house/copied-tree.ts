import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface CopiedTree {
  folder: string;
  /** Writes a new file, or one in place of the copy. */
  write(file: string, text: string): void;
  /** Replaces text that must be there, so that a test does not go on with an unchanged file. */
  edit(file: string, find: string, instead: string): void;
  /** Makes a file or folder what it is in the project; one that is not there goes. */
  restore(part: string): void;
}

/**
 * A copy of these parts of the project, for tests that put something wrong or new into it. It has links to the same
 * packages, but for those it shall go without, and a cache of its own.
 */
export function copyTree(parts: readonly string[], without: readonly string[] = []): CopiedTree {
  const folder = temporaryFolder();
  for (const part of parts) cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  mkdirSync(path.join(folder, 'node_modules'));
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name.startsWith('.') || without.includes(name)) continue;
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  return {
    folder,
    write,
    restore(part) {
      rmSync(path.join(folder, part), { recursive: true, force: true });
      if (existsSync(path.join(root, part)))
        cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    },
    edit(file, find, instead) {
      const before = readFileSync(path.join(folder, file), 'utf8');
      if (!before.includes(find)) throw new Error(`${file} does not contain ${JSON.stringify(find)}`);
      write(
        file,
        before.replace(find, () => instead),
      );
    },
  };
}
