import { type Played, type PlayOptions, play } from './play.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

/** A stretch of seeds for one thread. */
export interface Task {
  plays: PlayOptions[];
  /** Give up after the first seed with a violation. */
  stopAtFirst: boolean;
}

export interface Report {
  played: number;
  tally: Tally;
  failed: Omit<Played, 'tally'>[];
  /** Of all plays, in their order. */
  digests: string[];
}

/**
 * What a bundle is loaded for, by a thread that knows it by name only.
 * @public
 */
export async function work({ plays, stopAtFirst }: Task): Promise<Report> {
  // Thousands of expected exceptions are thrown in a run; where they came from is of interest in a replay only.
  Error.stackTraceLimit = plays.some(({ traced }) => traced) ? 10 : 1;
  const report: Report = { played: 0, tally: emptyTally(), failed: [], digests: [] };
  for (const options of plays) {
    const { tally, ...played } = await play(options);
    report.played += 1;
    report.digests.push(played.digest);
    addTally(report.tally, tally);
    if (played.violations.length > 0 || options.traced) report.failed.push(played);
    if (played.violations.length > 0 && stopAtFirst) break;
  }
  return report;
}
