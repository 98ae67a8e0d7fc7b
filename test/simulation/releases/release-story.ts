import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { identify } from '../../../lib/domain/deployment/identify.ts';
import { type DeploymentEntry, patched, reported } from '../../../lib/domain/deployment/log-events.ts';
import type { Dice } from '../dice.ts';

/** One thing that one source tells of a deployment. */
export interface ReleaseMessage {
  at: number;
  /** The id its source knows the deployment under. */
  id: string;
  entry: DeploymentEntry;
  source: string;
  starts: boolean;
  ends: boolean;
  fails: boolean;
}

/** One deployment as it was, and all that is told of it. */
export interface ReleaseStory {
  service: string;
  env: string;
  commit: string;
  startedAt: number;
  finishedAt: number;
  messages: ReleaseMessage[];
}

const minute = 60_000;
const env = 'live';
const iso = (ms: number): string => new Date(ms).toISOString();

/** The catalog of every run has `unrelated` from the start. */
const whose = [
  { service: 'unrelated' },
  { service: 'Unrelated ' },
  { repository_id: 'github.com/acme/unrelated' },
] as const;

/** What a configuration says of that repository. */
export const repositories = { 'github.com/acme/unrelated': 'unrelated' };

const sources = ['dora_api', 'github', 'telemetry'];

/**
 * In some runs one service is deployed, and one or two sources tell of each deployment: its start and its end apart or
 * at once, in any order, more than once, within the time in which they are to be taken for one.
 */
export function planReleases(dice: Dice, from: number, until: number): ReleaseStory[] {
  if (!dice.chance(0.2)) return [];
  let at = from;
  const stories: ReleaseStory[] = [];
  const commits = dice.shuffled(['a', 'b', 'c']).map((digit) => digit.repeat(40));
  for (let count = dice.between(1, 4); count > 0; count--) {
    at += dice.spread(45 * minute, 8 * 60 * minute);
    const startedAt = Math.min(at, Math.max(from, until) + stories.length * 60 * minute);
    at = startedAt;
    stories.push(tellRelease(dice, stories.length, startedAt, dice.pick(commits)));
  }
  return stories;
}

function tellRelease(dice: Dice, number: number, startedAt: number, commit: string): ReleaseStory {
  const finishedAt = startedAt + dice.spread(10_000, 10 * minute);
  const telling = dice.shuffled(sources).slice(0, dice.between(1, 2));
  const messages = telling.flatMap((source) =>
    tellAs(dice, source, { number, startedAt, finishedAt, commit }),
  );
  const [judged] = messages;
  if (judged && dice.chance(0.3)) {
    const atMs = finishedAt + dice.spread(minute, 60 * minute);
    const entry = patched(judged.id, { source: 'dora_api', change_failure: true }, atMs);
    messages.push({ ...judged, at: atMs, entry, starts: false, ends: false, fails: true });
  }
  return { service: 'unrelated', env, commit, startedAt, finishedAt, messages: disordered(dice, messages) };
}

function tellAs(
  dice: Dice,
  source: string,
  {
    number,
    startedAt,
    finishedAt,
    commit,
  }: { number: number; startedAt: number; finishedAt: number; commit: string },
): ReleaseMessage[] {
  const same = {
    source,
    env,
    commit_sha: commit,
    ...dice.pick(whose),
    ...(dice.chance(0.5) && { external_id: `${source}:release:${number}:${dice.id(8)}` }),
  };
  // No two sources have the same clock.
  const end = iso(finishedAt + dice.between(0, 3 * minute));
  const start = iso(startedAt);
  let told = 0;
  const tell = (
    at: number,
    facts: Pick<DeploymentReport, 'status' | 'started_at' | 'finished_at'>,
  ): ReleaseMessage => {
    told += 1;
    const report: DeploymentReport = { ...same, ...facts, custom_tags: [`told:${source}:${number}:${told}`] };
    const starts = report.started_at !== undefined;
    const ends = report.finished_at !== undefined;
    return { at, id: identify(report).id, entry: reported(report), source, starts, ends, fails: false };
  };
  const later = (ms: number) => ms + dice.spread(10, 30_000);
  const begins = dice.chance(0.5)
    ? [tell(later(startedAt), { status: 'in_progress', started_at: start })]
    : [];
  // Who gives no id must tell the same start each time, or it is another deployment.
  const whole = { status: 'succeeded' as const, started_at: start, finished_at: end };
  return [
    ...begins,
    tell(later(finishedAt), whole),
    ...(dice.chance(0.2) ? [tell(later(finishedAt), whole)] : []),
  ];
}

function disordered(dice: Dice, messages: ReleaseMessage[]): ReleaseMessage[] {
  const way = dice.unit();
  if (way < 0.4) return messages;
  const last = Math.max(...messages.map(({ at }) => at));
  if (way < 0.7) return messages.map((message) => ({ ...message, at: last }));
  const times = dice.shuffled(messages.map(({ at }) => at));
  return messages.map((message, index) => ({ ...message, at: times[index] ?? last }));
}
