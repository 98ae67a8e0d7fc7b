import type { Io } from './io.ts';

const everyMs = 2_000;

/** Says how far long work has come, on standard error, at most every two seconds. */
export function progressOn(io: Io, what: string, total: number): (done: number) => void {
  let saidMs = io.now();
  return (done) => {
    if (io.now() - saidMs < everyMs) return;
    saidMs = io.now();
    io.err(`${done} of ${total} ${what}…\n`);
  };
}
