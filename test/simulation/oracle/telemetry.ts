import { unmarshall } from '@aws-sdk/util-dynamodb';
import { env } from '../rollouts/fleet.ts';
import type { Rollout, RolloutPlan } from '../rollouts/rollout-plan.ts';
import type { Row, Run } from '../world.ts';
import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';

const minute = 60_000;
const settle = 15 * minute;
/** Clocks of the bridge go wrong by less. */
const clockError = 30_000;

type Canary = RolloutPlan['canaries'][number];

/** When a version was seen running by exports that were taken. */
const taken = ({ rolledOut }: Run, isMeant: (version: string) => boolean): number[] =>
  rolledOut.exports
    .filter(({ status, sent }) => status === 200 && sent.versions.some(isMeant))
    .map(({ at }) => at)
    .sort((a, b) => a - b);

/** What the table has said of the versions at each time. */
function pictures({ changes }: Run): { at: number; current: string; versions: Row[] }[] {
  return changes.flatMap(({ table, key, after, at }) => {
    const name = key['name']?.S ?? '';
    if (table !== 'state' || !after || !name.startsWith('versions:') || !name.includes(env)) return [];
    const { current_version: current, versions = [] } = unmarshall(after as never);
    return [{ at, current, versions }];
  });
}

/**
 * Whether telemetry has to have noticed a deployment. `perhaps`: where the exports that show it were lost, or came
 * when nobody could look. `apart`: so late that it may be taken for another one.
 */
export function seenInTelemetry(
  { run }: Evidence,
  rollout: Rollout,
): 'for sure' | 'perhaps' | 'apart' | 'no' {
  const { exports } = run.scenario.rollouts;
  const from = rollout.startedAt - clockError;
  const sent = run.rolledOut.exports.filter(
    ({ at, sent: { versions } }) => at >= from && versions.includes(rollout.version),
  );
  const [first] = sent;
  if (exports.length === 0 || !first) return 'no';
  const seen = taken(run, (version) => version === rollout.version).filter((at) => at >= from);
  const firstTaken = seen[0] ?? Number.POSITIVE_INFINITY;
  if (firstTaken > rollout.finishedAt + settle - 2 * clockError) return 'apart';
  if (rollout.failed || run.faults > 0) return 'perhaps';
  const known = pictures(run).filter(({ at }) => at < firstTaken);
  const { current, versions: before = [] } = known.at(-1) ?? {};
  // What runs is deployed once more, after one that failed or was withdrawn: that shows no other version.
  if (before.length === 0 || current === rollout.version) return 'perhaps';
  const last = seen.at(-1) ?? 0;
  const returns = before.some(
    ({ version, standing }) => version === rollout.version && standing !== 'withdrawn',
  );
  return last > firstTaken + (returns ? 3 : 1) * settle ? 'for sure' : 'perhaps';
}

/** The older version was heard of after the bridge knew of the canary, and when it would have been replaced by it. */
export function withdrawnForSure({ run }: Evidence, { version, from, until }: Canary): boolean {
  const first = taken(run, (each) => each === version).find((at) => at >= from);
  const noticed = pictures(run).find(({ versions }) =>
    versions.some((known) => known['version'] === version && known['standing'] === 'candidate'),
  );
  if (first === undefined || !noticed) return run.faults === 0;
  const older = taken(run, (each) => each !== version).filter((at) => at > until);
  const earliest = Math.max(first + settle, noticed.at + settle / 3) + clockError;
  const latest = Math.max(first + 2 * settle, noticed.at + settle) - clockError;
  return older.some((at) => at >= earliest && at <= latest);
}

export const telemetryIsCheap: Check = {
  name: 'a version that is known costs no write, however often it is seen',
  look: ({ run, rows }, broken) => {
    const { rollouts, canaries, exports } = run.scenario.rollouts;
    if (exports.length === 0) return;
    // The first version there was, and each time another began or came back.
    const appearances = 1 + rollouts.length * 2 + canaries.length * 2;
    const sightings = rows('events').filter((row) => row['event_type'] === 'deployment.seen').length;
    const written = pictures(run).length;
    // Where nobody works, nobody who notices a version can know that another has noticed it.
    const unheard = run.rolledOut.exports.filter(({ at }) =>
      run.scenario.stream.pauses.some(([from, until]) => at >= from && at <= until + minute),
    ).length;
    const mostSightings = 4 * appearances + 2 * (run.faults + unheard);
    if (sightings > mostSightings)
      broken(`${appearances} appearances of versions are ${sightings} rows of the log`);
    if (written > 3 * mostSightings) broken(`${appearances} appearances of versions were ${written} changes`);
  },
};

export const seenWhenItCame: Check = {
  name: 'a version was seen when an export that shows it came, however long that took to be read',
  look: ({ run, rows }, broken) => {
    // Seconds are enough.
    const off = run.scenario.skewMs + 1_000;
    for (const { event_type, body, occurred_at } of rows('events')) {
      if (event_type !== 'deployment.seen') continue;
      const { version } = JSON.parse(body);
      const seenAt = Date.parse(occurred_at);
      const came = run.rolledOut.exports.some(
        ({ at, sent }) => sent.versions.includes(version) && Math.abs(at - seenAt) <= off,
      );
      if (!came) broken(`${version} is said to have been seen at ${occurred_at}, when no export showed it`);
    }
  },
};
