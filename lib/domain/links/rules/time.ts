import { duration } from '../../text/duration.ts';
import { begunAtMs, isConcerned, newest } from '../concerned.ts';
import type { LinkSettings, Suffering, Suspect } from '../facts.ts';
import { type LinkRule, silent } from '../rule.ts';

const hourMs = 3_600_000;
/** What is said to have been finished so long after the incident began was under way in name only. */
export const longestUnderWayMs = 7 * 24 * hourMs;

/**
 * The newest deployment that began before the incident and was finished at most the window before it. One that runs
 * when the incident begins is the newest there is; one that failed has changed nothing that stays.
 */
export const time: LinkRule = {
  name: 'time',
  judge(incident, suspects, settings) {
    if (settings.windowMs === 0) return silent('Linking by time is off (link.window_hours: 0).');
    const hours = settings.windowMs / hourMs;
    const found = newest(suspects.filter((each) => mayHaveCaused(incident, each, settings)));
    if (!found)
      return silent(`No deployment of its services in its environment within ${hours} h before it.`);
    return {
      decided: true,
      deploymentId: found.id,
      reason: `Deployment ${found.id}${of(found)} ${whenFinished(incident, found)}; it is the newest within ${hours} h.`,
    };
  },
};

export function mayHaveCaused(incident: Suffering, suspect: Suspect, { windowMs }: LinkSettings): boolean {
  if (suspect.status === 'failed' || !isConcerned(incident, suspect)) return false;
  if (begunAtMs(suspect) > incident.startedAtMs) return false;
  // Of one that was never told to be finished the start must do: it may have been given up long ago.
  const lastTouchMs = suspect.finishedAtMs ?? begunAtMs(suspect);
  const sinceMs = incident.startedAtMs - lastTouchMs;
  return sinceMs <= windowMs && -sinceMs <= longestUnderWayMs;
}

const of = ({ version }: Suspect): string => (version === undefined ? '' : ` of version ${version}`);

function whenFinished({ startedAtMs }: Suffering, { finishedAtMs }: Suspect): string {
  if (finishedAtMs === undefined || finishedAtMs > startedAtMs)
    return 'was under way when the incident began';
  const seconds = (startedAtMs - finishedAtMs) / 1000;
  return `was finished ${duration(seconds)} before the incident began`;
}
