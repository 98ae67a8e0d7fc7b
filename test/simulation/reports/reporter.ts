import type { EdgeResponse } from '../../../lib/adapters/incoming-http/request.ts';
import type { Dice } from '../dice.ts';
import type { Scheduler } from '../scheduler.ts';
import type { ReportMessage, ReportStory } from './report-story.ts';

/** One attempt as the reporting program remembers it. */
export interface ReportAttempt {
  story: ReportStory;
  message: ReportMessage;
  status: number | undefined;
  /** The id that was answered. */
  id?: string | undefined;
}

/** An attempt to take an incident back. */
export interface WithdrawalAttempt {
  id: string;
  status: number | undefined;
}

export interface ReporterDeps {
  scheduler: Scheduler;
  dice: Dice;
  post(message: ReportMessage, listener: (answer: EdgeResponse | undefined) => void): void;
  withdraw(id: string, listener: (status: number | undefined) => void): void;
  record(attempt: ReportAttempt): void;
  recordWithdrawal(attempt: WithdrawalAttempt): void;
}

const mostTries = 8;

/** Posts what is planned, tries again for a while what is not answered 200, and now and then what was. */
export function createReporter(deps: ReporterDeps, stories: readonly ReportStory[]) {
  const { scheduler, dice } = deps;
  const ids = new Map<ReportStory, string>();
  let waiting = 0;

  const later = (tries: number, run: () => void) => scheduler.after(dice.spread(1_000, 30_000) * tries, run);

  const post = (story: ReportStory, message: ReportMessage, tries: number) => {
    deps.post(message, (answer) => {
      const id = answer?.status === 200 ? (JSON.parse(answer.body).data.id as string) : undefined;
      deps.record({ story, message, status: answer?.status, id });
      if (id !== undefined) ids.set(story, id);
      const again = id === undefined ? tries < mostTries : tries < mostTries && dice.chance(0.2);
      if (again) later(tries, () => post(story, message, tries + 1));
      else waiting -= 1;
    });
  };

  const withdraw = (id: string, tries: number) => {
    deps.withdraw(id, (status) => {
      deps.recordWithdrawal({ id, status });
      // Whose answer was lost may find it gone when trying again.
      if (status === 202 || status === 404 || tries >= mostTries) waiting -= 1;
      else later(tries, () => withdraw(id, tries + 1));
    });
  };

  for (const story of stories) {
    for (const message of story.messages) {
      waiting += 1;
      scheduler.at(message.at, () => post(story, message, 1));
    }
    if (story.withdrawnAt === undefined) continue;
    waiting += 1;
    scheduler.at(story.withdrawnAt, () => {
      const id = ids.get(story);
      if (id === undefined) waiting -= 1;
      else withdraw(id, 1);
    });
  }
  return { waiting: () => waiting };
}
