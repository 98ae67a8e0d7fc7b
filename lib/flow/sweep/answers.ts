import { firstPace, goodAnswerMs, nextPace } from '../../domain/retry/pace.ts';
import type { CatchingUp } from '../deliver/settle.ts';

/** So many answers in a row that were no acceptance, and it is looked whether the breaker has opened. */
const troubles = 3;
/** So many good answers in a row, and a destination is no longer slow. */
const goodAgain = 8;

/** What a destination's answers say to a worker that catches up: how much at once, and whether to look up. */
export interface Answers extends CatchingUp {
  /** From now on at most so many at once. */
  begin(most: number): void;
  atOnce(): number;
  /** Several in a row were no acceptance; begins to count anew. */
  troubled(): boolean;
  isSwift(): boolean;
}

export function createAnswers(): Answers {
  let pace = firstPace(1);
  let trouble = 0;
  let good = 0;
  return {
    begin: (most) => {
      pace = firstPace(most);
    },
    answered: (answer) => {
      pace = nextPace(pace, answer);
      trouble = answer.accepted ? 0 : trouble + 1;
      good = answer.accepted && answer.tookMs <= goodAnswerMs ? good + 1 : 0;
    },
    atOnce: () => pace.atOnce,
    troubled: () => {
      if (trouble < troubles) return false;
      trouble = 0;
      return true;
    },
    isSwift: () => good >= goodAgain,
  };
}
