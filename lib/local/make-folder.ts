import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartError } from '../adapters/laptop/start-error.ts';

/**
 * Makes a folder and what is missing above it, for this user alone; one that is there keeps its permissions. Throws
 * a `StartError` that says what is in the way. Node's own `recursive` tries for ever where nothing can be created,
 * as in `/proc`.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeStepwise(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      EEXIST: 'there is a file of that name',
      ENOTDIR: 'a part of its path is a file',
      ENOENT: 'nothing can be created there',
      EACCES: 'this user may not write there',
      EROFS: 'it is on a file system that cannot be written to',
      ENOSPC: 'the disk is full',
    };
    throw new StartError(
      'data_folder_unreadable',
      `The data folder ${folder} cannot be made: ${reasons[code ?? ''] ?? message}. Set BRIDGE_DATA_DIR to another folder.`,
      { cause: error },
    );
  }
}

async function makeStepwise(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeStepwise(dirname(folder));
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    // The umask may have taken away what this user needs.
    await chmod(folder, 0o700);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (!exists || !(await stat(folder)).isDirectory()) throw error;
  }
}
