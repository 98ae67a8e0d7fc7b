import type { Environment } from '../adapters/config/environment.ts';

/** What a command needs of the terminal it runs on, so that tests can bring their own. */
export interface Io {
  /** Writes text as it is, newlines included: to standard output … */
  out(text: string): void;
  /** … and to standard error, for people while the output is for machines. */
  err(text: string): void;
  /** Standard input; what a path `-` reads. */
  input?: AsyncIterable<Uint8Array>;
  /** Width of the terminal; undefined when the output goes to a file or a pipe. */
  columns?: number;
  environment: Environment;
  now(): number;
}

/** Ends the command with this exit code. With a message, that is said on standard error first. */
export class Exit extends Error {
  readonly exitCode: 1 | 2;
  readonly code: string;
  constructor(exitCode: 1 | 2, code: string, message = '') {
    super(message);
    this.name = 'Exit';
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** Something is not as it should be. */
export const failed = (code: string, message?: string): Exit => new Exit(1, code, message);
/** The command was not called as it is meant to be. */
export const wrongUsage = (message: string): Exit => new Exit(2, 'wrong_usage', message);

export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
