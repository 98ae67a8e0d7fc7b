import type { Dice } from '../dice.ts';
import { tellAsCdEvents, tellAsDatadogCi, tellAsGitHub, tellAsGitLab } from './ci-requests.ts';
import { type Build, createFleet, env, type Fleet, service } from './fleet.ts';

/** One request with which one source tells of a deployment. */
export interface Telling {
  at: number;
  source: CiSource;
  starts: boolean;
  /** When it says that it was over, in ISO 8601; absent where it does not. */
  endsAt?: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** What its sender does when it is not taken: after how long it tries again, each time. */
  triesAgainAfter: number[];
}

export type CiSource = 'github' | 'gitlab' | 'cdevents' | 'dora_api';

/** One deployment as it was, and all that is told of it. */
export interface Rollout extends Build {
  startedAt: number;
  finishedAt: number;
  failed: boolean;
  tellings: Telling[];
  /** A person deletes it then, by the id the DORA API has answered, if it has. */
  takenBackAt?: number;
}

/** What a collector sends at one time: what runs in its places. */
export interface Export {
  at: number;
  versions: string[];
  body: string;
}

export interface RolloutPlan {
  rollouts: Rollout[];
  /** Versions that were tried out on one instance and taken away again. */
  canaries: { version: string; from: number; until: number }[];
  exports: Export[];
}

const second = 1_000;
const minute = 60 * second;
/** What runs before the first of them. */
const baseline: Build = { version: '1.0.0', commit: '0'.repeat(40) };

/** What a configuration says of the repositories. */
export const repositories = {
  'github.com/acme/unrelated': service,
  'gitlab.example.com/acme/unrelated': service,
};

/** Further apart than anything that is decided of one of them takes. */
const apart = 100 * minute;
const longest = 10 * minute;

/**
 * In some runs one service is deployed by pipelines, which tell of it as they do, while its telemetry says which
 * versions run: rolled out, swapped, failed and taken back, rolled back, tried out on one instance.
 */
export function planRollouts(dice: Dice, from: number, until: number): RolloutPlan {
  const plan: RolloutPlan = { rollouts: [], canaries: [], exports: [] };
  if (!dice.chance(0.12)) return plan;
  const fleet = createFleet(dice.fork('fleet'), baseline);
  const telling = dice.shuffled(['github', 'gitlab', 'cdevents', 'dora_api'] as const);
  const sources = telling.slice(0, dice.between(1, 3));
  const latest = Math.max(from, until);
  let at = from + dice.spread(minute, 3 * 60 * minute);
  for (let count = dice.between(1, 3); count > 0; count--) {
    const startedAt = Math.min(at, latest + plan.rollouts.length * apart);
    const rollout = roll(dice, plan.rollouts, fleet, startedAt);
    for (const source of sources) if (dice.chance(0.85)) tell(dice, source, rollout, plan.rollouts.length);
    rollout.tellings = disordered(dice, rollout.tellings);
    if (!rollout.failed && dice.chance(0.2))
      rollout.takenBackAt = rollout.finishedAt + dice.spread(minute, 40 * minute);
    plan.rollouts.push(rollout);
    at = rollout.finishedAt + apart;
    if (!dice.chance(0.3)) continue;
    const tried = { from: rollout.finishedAt + 40 * minute, until: 0, version: `2.${count}.0-trial` };
    tried.until = tried.from + dice.between(2, 8) * minute;
    fleet.tryOut({ version: tried.version, commit: 'f'.repeat(40) }, tried.from, tried.until);
    plan.canaries.push(tried);
  }
  if (dice.chance(0.7)) plan.exports = observe(dice.fork('telemetry'), fleet, plan);
  return plan;
}

function roll(dice: Dice, before: readonly Rollout[], fleet: Fleet, startedAt: number): Rollout {
  const last = before.at(-1);
  const earlier = before.filter(({ failed, version }) => !failed && version !== last?.version);
  const back = dice.chance(0.4) ? earlier.at(-1) : undefined;
  const again = last?.failed && dice.chance(0.5) ? last : undefined;
  const number = before.length + 1;
  const { version, commit } = back ??
    again ?? { version: `1.${number}.0`, commit: String(number).repeat(40) };
  const finishedAt = startedAt + dice.spread(10 * second, longest);
  const failed = dice.chance(0.15);
  const way = failed ? fleet.tryOut : dice.pick([fleet.roll, fleet.roll, fleet.swap]);
  way({ version, commit }, startedAt, finishedAt);
  return { version, commit, startedAt, finishedAt, failed, tellings: [] };
}

function tell(dice: Dice, source: CiSource, rollout: Rollout, number: number): void {
  // A second is what most of them know; no two have the same clock.
  const told = { ...rollout, finishedAt: rollout.finishedAt + dice.between(0, 120) * second };
  const requests = {
    github: tellAsGitHub,
    gitlab: tellAsGitLab,
    cdevents: tellAsCdEvents,
    dora_api: tellAsDatadogCi,
  }[source](told, number, dice.fork(`${source} ${number}`));
  for (const request of requests) {
    const at = (request.endsAt === undefined ? rollout.startedAt : told.finishedAt) + dice.spread(10, 5_000);
    rollout.tellings.push({ ...request, source, at, triesAgainAfter: patience(dice, source) });
  }
}

/** GitHub and GitLab do not try again by themselves: sooner or later somebody has them send it once more, or not. */
function patience(dice: Dice, source: CiSource): number[] {
  if (source === 'dora_api') return [1, 2, 4, 8, 16].map((factor) => factor * second);
  if (source === 'cdevents') return [2, 8, 32, 120, 600, 1800].map((factor) => factor * second);
  const hands = dice.chance(0.7) ? dice.between(1, 3) : 0;
  return Array.from({ length: hands }, () => dice.spread(minute, 90 * minute));
}

/** Webhooks of one deployment overtake each other, or come all at once. */
function disordered(dice: Dice, tellings: Telling[]): Telling[] {
  const way = dice.unit();
  const last = Math.max(...tellings.map(({ at }) => at));
  if (way < 0.5) return tellings;
  if (way < 0.7) return tellings.map((telling) => ({ ...telling, at: last }));
  const times = dice.shuffled(tellings.map(({ at }) => at));
  return tellings.map((telling, index) => ({ ...telling, at: times[index] ?? last }));
}

/** One or two collectors send, every few minutes, what runs in their places. */
function observe(dice: Dice, fleet: Fleet, { rollouts }: RolloutPlan): Export[] {
  const collectors = dice.between(1, 2);
  const every = dice.between(2, 5) * minute;
  const knowsCommit = dice.chance(0.5);
  const from = (rollouts[0]?.startedAt ?? 0) - 30 * minute;
  const until = (rollouts.at(-1)?.finishedAt ?? 0) + 90 * minute;
  const exports: Export[] = [];
  for (let collector = 0; collector < collectors; collector++) {
    for (let at = from + dice.between(0, every); at < until; at += every) {
      const running = fleet.runningAt(at, collector, collectors);
      if (running.length === 0) continue;
      exports.push({
        at,
        versions: [...new Set(running.map(({ version }) => version))],
        body: exportBody(running, knowsCommit),
      });
    }
  }
  return exports;
}

const exportBody = (running: readonly Build[], knowsCommit: boolean): string =>
  JSON.stringify({
    resourceMetrics: running.map(({ version, commit }) => ({
      resource: {
        attributes: Object.entries({
          'service.name': service,
          'service.version': version,
          'deployment.environment.name': env,
          ...(knowsCommit && { 'vcs.ref.head.revision': commit }),
        }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
      },
      scopeMetrics: [],
    })),
  });
