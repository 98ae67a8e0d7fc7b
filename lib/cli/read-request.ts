import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { failed } from './io.ts';

/** More than any request PagerDuty makes, several times. */
const mostBytes = 1_048_576;

/** The body of a captured request, byte by byte. A pipe that nobody fills, or a film, is not waited for. */
export function readRequest(file: string): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw failed('unreadable', `${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile()) throw failed('unreadable', `${file} is no regular file.`);
    if (info.size > mostBytes)
      throw failed('unreadable', `${file} is larger than 1 MB, which no webhook of PagerDuty's is.`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
