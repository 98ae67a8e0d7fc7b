import type { DeploymentEntry } from '../../../lib/domain/deployment/log-events.ts';
import type { Dice } from '../dice.ts';
import type { Scheduler } from '../scheduler.ts';
import type { ReleaseMessage, ReleaseStory } from './release-story.ts';

export interface ReleaserDeps {
  scheduler: Scheduler;
  dice: Dice;
  /** Writes one event down, as a source does before it answers. */
  tell(entry: DeploymentEntry, listener: (worked: boolean) => void): void;
  record(accepted: ReleaseMessage): void;
}

const mostTries = 8;

/** Tells what is planned, again for a while what was not taken, and now and then what was. */
export function createReleaser(deps: ReleaserDeps, stories: readonly ReleaseStory[]) {
  const { scheduler, dice } = deps;
  let waiting = 0;
  const tell = (message: ReleaseMessage, tries: number) => {
    deps.tell(message.entry, (worked) => {
      if (worked) deps.record(message);
      const again = tries < mostTries && (!worked || dice.chance(0.2));
      if (again) scheduler.after(dice.spread(1_000, 30_000) * tries, () => tell(message, tries + 1));
      else waiting -= 1;
    });
  };
  for (const message of stories.flatMap(({ messages }) => messages)) {
    waiting += 1;
    scheduler.at(message.at, () => tell(message, 1));
  }
  return { waiting: () => waiting };
}
