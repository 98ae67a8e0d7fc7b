import type { Compared, GitHost } from '../../adapters/git-hosts/git-host.ts';
import { identifyById } from '../../domain/deployment/identify.ts';
import { hostOf } from '../../domain/deployment/lead-time/ask.ts';
import type { LeadTime } from '../../domain/deployment/lead-time/lead-time.ts';
import { medianOfCommits } from '../../domain/deployment/lead-time/median-of-commits.ts';
import { measured } from '../../domain/deployment/log-events.ts';
import { iso } from '../../store/database/due.ts';
import { appendEvent } from '../../store/events/append-event.ts';
import { deferEvent } from '../../store/events/events.ts';
import type { MarkedWish } from '../deployments/lead-time-wish.ts';
import { loggedEvent } from '../receive/incoming-event.ts';
import { forEachLimited } from '../subjects/concurrency.ts';
import type { SweepRun } from './sweep-report.ts';

/** Of one host; GitHub asks not to be asked for much at once. */
const atOnce = 2;
/** A sweep is not to last longer because of it, on a laptop the next one waits for it. */
const longestMs = 20_000;
const pauseMs = 600_000;
const longestPauseMs = 3_600_000;
const giveUpAfterMs = 86_400_000;
const giveUpUnaskedMs = 2 * giveUpAfterMs;

/** Until when a host is left alone, by its name, epoch milliseconds. */
export type Pauses = Map<string, number>;
export const createPauses = (): Pauses => new Map();

/**
 * Asks the git hosts for what the deployments at hand brought, and writes each answer into the deployment's log, from
 * which its row follows. A host that does not answer, or asks for less, is left alone for a while; the marks bring the
 * rest back. Nothing is locked meanwhile: of two who ask, the first answer holds.
 */
export async function measureLeadTimes(
  { deps, stopAtMs }: SweepRun,
  gitHosts: readonly GitHost[],
  wishes: readonly MarkedWish[],
  pauses: Pauses,
): Promise<void> {
  const { store, clock, telemetry } = deps;
  const deadlineMs = Math.min(stopAtMs, clock.now() + longestMs);
  await forEachLimited(gitHosts, gitHosts.length || 1, async (gitHost) => {
    const theirs = wishes.filter(({ comparison }) => hostOf(comparison.repository) === gitHost.host);
    const asked = new Map<string, Promise<Compared>>();
    await forEachLimited(theirs, atOnce, async (wish) => {
      if (clock.now() >= deadlineMs) return;
      const isPaused = (pauses.get(gitHost.host) ?? 0) > clock.now();
      const compared: Compared = isPaused
        ? { kind: 'later', reason: `${gitHost.host} is left alone for a while` }
        : await once(asked, wish, () => compareAt(gitHost, wish, deadlineMs));
      const ageMs = clock.now() - Date.parse(wish.heardAt);
      const givesUp = ageMs > (isPaused ? giveUpUnaskedMs : giveUpAfterMs);
      const leadTime = leadTimeFrom(wish, compared, givesUp);
      if (leadTime) return writeDown(wish, leadTime);
      if (compared.kind !== 'later') return;
      if (!isPaused) {
        pauses.set(gitHost.host, pauseUntil(compared, clock.now()));
        telemetry.warn('a git host could not be asked, lead times wait', { reason: compared.reason });
      }
      const untilMs = Math.max(pauses.get(gitHost.host) ?? 0, clock.now() + ageMs / 2);
      await deferEvent(store, wish.due, Math.max(untilMs, Date.parse(wish.due.dueAt)));
    });
  });

  async function writeDown({ deploymentId }: MarkedWish, leadTime: LeadTime): Promise<void> {
    const now = clock.now();
    const entry = measured(identifyById(deploymentId), leadTime);
    await appendEvent(store, loggedEvent(entry, iso(now), {}), now);
  }
}

const compareAt = (gitHost: GitHost, { comparison }: MarkedWish, deadlineMs: number): Promise<Compared> =>
  gitHost.compare(
    {
      path: comparison.repository.slice(gitHost.host.length + 1),
      base: comparison.base,
      head: comparison.head,
    },
    deadlineMs,
  );

/** The services of one repository are deployed together as a rule, each from commit to commit as the others. */
function once(
  asked: Map<string, Promise<Compared>>,
  { comparison: { repository, base, head } }: MarkedWish,
  compare: () => Promise<Compared>,
): Promise<Compared> {
  const key = JSON.stringify([repository, base, head]);
  const known = asked.get(key) ?? compare();
  asked.set(key, known);
  return known;
}

/** What is written down; undefined while it is worth asking again. */
function leadTimeFrom(
  { comparison }: MarkedWish,
  compared: Compared,
  givesUp: boolean,
): LeadTime | undefined {
  const { base, head, finished_at } = comparison;
  const question = { base, head, finished_at };
  if (compared.kind === 'ahead')
    return { ...question, ...medianOfCommits(compared.commits, Date.parse(finished_at)) };
  if (compared.kind === 'not_ahead') return { ...question, commits: 0, reason: compared.reason };
  return givesUp ? { ...question, commits: 0, reason: 'no_answer' } : undefined;
}

/** As the host asks, within what brings us back while the answer still matters. */
function pauseUntil({ untilMs }: Extract<Compared, { kind: 'later' }>, nowMs: number): number {
  if (untilMs === undefined) return nowMs + pauseMs;
  return Math.min(Math.max(untilMs, nowMs + 1_000), nowMs + longestPauseMs);
}
