import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { showsDefinition } from './definition-marks.ts';

/**
 * How much of a file is looked at. Definitions are at its beginning or behind a few other documents; JSON, which
 * programs write by the gigabyte, shows in its first keys what it is.
 */
const lookAt = { yaml: 256_000, json: 16_000 };

/**
 * Far more than any definition file; kept low because reading is not all: parsing takes many times this memory.
 */
export const largestFile = 20_000_000;

export type Look =
  | { kind: 'definitions'; text: string }
  | { kind: 'passed_over'; why: string }
  | { kind: 'unreadable'; why: string };

/**
 * Looks whether a file has definitions in it, and if so reads it. `whole` files are read whatever they look like.
 * Never waits for what is no file (a pipe), and never reads more of a foreign file than its beginning.
 */
export function lookAtFile(path: string, whole: boolean): Look {
  // Without waiting: opening a pipe would last until somebody writes to it.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = fstatSync(file);
    if (!info.isFile()) return { kind: 'passed_over', why: 'is not a file' };
    const bound = /\.json$/i.test(path) ? lookAt.json : lookAt.yaml;
    const beginning = readUpTo(file, whole ? largestFile : Math.min(bound, info.size));
    if (!whole && !showsDefinition(beginning.toString('latin1'))) {
      return { kind: 'passed_over', why: 'has no definition in it' };
    }
    if (info.size > largestFile) {
      return {
        kind: 'unreadable',
        why: `is ${megabytes(info.size)} MB; a definition file may have up to ${megabytes(largestFile)} MB, so split it into several`,
      };
    }
    const rest =
      info.size > beginning.length ? readUpTo(file, info.size - beginning.length) : Buffer.alloc(0);
    return decode(Buffer.concat([beginning, rest]));
  } finally {
    closeSync(file);
  }
}

/** Reads on from where the file is; fewer bytes only at its end. */
function readUpTo(file: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  let filled = 0;
  while (filled < bytes) {
    const read = readSync(file, buffer, filled, bytes - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

/** UTF-8, which YAML and JSON are; anything else is unreadable rather than read wrongly. */
export function decode(bytes: Uint8Array): Look {
  try {
    return { kind: 'definitions', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'unreadable', why: 'is not UTF-8 text' };
  }
}

export const megabytes = (bytes: number): string => String(Math.round(bytes / 100_000) / 10);
