import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';

const root = path.resolve(__dirname, '../..');

export interface CopiedTree {
  folder: string;
  /** Writes a new file, or one in place of the copy. */
  write(file: string, text: string): void;
  /** Replaces text that must be there, so that a test does not go on with an unchanged file. */
  edit(file: string, find: string, instead: string): void;
}

/** A copy of these parts of the project with the same packages, for tests that put something wrong or new into it. */
export function copyTree(parts: readonly string[]): CopiedTree {
  const folder = temporaryFolder();
  for (const part of parts) cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  return {
    folder,
    write,
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
