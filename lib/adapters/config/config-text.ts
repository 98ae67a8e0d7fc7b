import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

export type ConfigText = { text: string; fault?: never } | { text?: never; fault: string };

/** The text of a configuration file, or a sentence why there is none. Never waits for what is no file (a pipe). */
export function readConfigText(file: string): ConfigText {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = fstatSync(descriptor);
    if (info.isDirectory()) return { fault: `${file} is a folder; name the file in it` };
    if (!info.isFile()) return { fault: `${file} is not a file` };
    return { text: readFileSync(descriptor, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return { fault: `${file} ${reasons[code] ?? `cannot be read: ${(error as Error).message}`}` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder; name the file in it',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a link that leads in circles',
};
