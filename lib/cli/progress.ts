import { duration } from '../domain/text/duration.ts';
import type { Io } from './io.ts';

const everyMs = 2_000;

/** Says how far long work has come and how long it will go on, on standard error, at most every two seconds. */
export function progressOn(io: Io, what: string, total: number): (done: number, more?: string) => void {
  const began = io.now();
  let saidMs = began;
  return (done, more) => {
    const now = io.now();
    if (now - saidMs < everyMs) return;
    saidMs = now;
    const leftMs = done === 0 ? undefined : ((now - began) / done) * (total - done);
    const left = leftMs === undefined ? '' : `, about ${duration(Math.ceil(leftMs / 1000))} left`;
    io.err(`${done} of ${total} ${what}${left}${more === undefined ? '' : `; ${more}`}…\n`);
  };
}
