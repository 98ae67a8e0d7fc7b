import type { Violation } from './oracle/check.ts';
import { judge } from './oracle/oracle.ts';
import { emptyTally, type Tally } from './tally.ts';
import type { Aim } from './weather.ts';
import { playSeed } from './world.ts';

/** What one seed came to, small enough to be sent between threads. */
export interface Played {
  seed: number;
  aim?: Aim | undefined;
  violations: Violation[];
  tally: Tally;
  faults: number;
  trace: string[];
  /** Changes with everything that happened: two plays of a seed must have the same. */
  digest: string;
}

export interface PlayOptions {
  seed: number;
  aim?: Aim | undefined;
  traced?: boolean;
}

/** Plays one seed and judges it; an exception out of the simulation itself is a violation too. */
export async function play(options: PlayOptions): Promise<Played> {
  const loose: string[] = [];
  const hear = (reason: unknown) => {
    loose.push(reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason));
  };
  const { seed, aim } = options;
  process.on('unhandledRejection', hear);
  try {
    const run = await playSeed(options);
    run.loose = loose;
    const digest = `${run.tally.counts['steps']}/${run.changes.length}/${run.endedAt}/${run.faults}`;
    return {
      seed,
      aim,
      violations: judge(run),
      tally: run.tally,
      faults: run.faults,
      trace: run.trace,
      digest,
    };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const violations = [{ check: 'the simulation itself does not fail', message }];
    return { seed, aim, violations, tally: emptyTally(), faults: 0, trace: [], digest: message };
  } finally {
    process.off('unhandledRejection', hear);
  }
}
