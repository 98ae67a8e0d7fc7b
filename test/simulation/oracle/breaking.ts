import { broken as place } from '../breakages/breakage-plan.ts';
import type { Outage } from '../breakages/outage-events.ts';
import type { Rollout } from '../rollouts/rollout-plan.ts';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';

const minute = 60_000;
const windowMs = 24 * 60 * minute;
const afterwardsMs = 15 * minute;

/** What became of one deployment of those that may have broken something. */
interface Broken {
  rollout: Rollout;
  startedAt: number;
  rows: Row[];
  counted: Row[];
}

/** No two begin in the same second. */
export function brokenRollouts({ run, rows }: Evidence): Broken[] {
  const here = rows('deployments').filter(({ service }) => service === place.service);
  return (run.scenario.breakages?.rollouts ?? []).map((rollout) => {
    const own = here.filter(
      ({ env, started_at }) => env === rollout.env && Date.parse(started_at) === rollout.startedAt,
    );
    const counted = own.filter(({ finished_at, deleted_at }) => finished_at && !deleted_at);
    return { rollout, startedAt: rollout.startedAt, rows: own, counted };
  });
}

/** Those that the bridge has to know by now; undefined where that cannot be told, since an answer was lost. */
function known({ run }: Evidence): Rollout[] | undefined {
  const { tellings, removals } = run.broke;
  const rollouts: Rollout[] = [];
  for (const rollout of run.scenario.breakages?.rollouts ?? []) {
    const of = tellings.filter((each) => each.rollout === rollout && each.telling.endsAt !== undefined);
    if (!of.some(({ status }) => status !== undefined && status < 300)) return undefined;
    const removal = removals.filter((each) => each.rollout === rollout);
    if (removal.some(({ status }) => status !== undefined && status < 300)) continue;
    if (removal.length > 0) return undefined;
    if (rollout.env === place.env) rollouts.push(rollout);
  }
  return rollouts;
}

/** The newest of those that were begun before it and not over for long; nothing for one that went on as another. */
function culprit({ startedAt, mergedInto }: Outage, rollouts: readonly Rollout[]): Rollout | undefined {
  if (mergedInto !== undefined) return undefined;
  return rollouts
    .filter((each) => !each.failed && each.startedAt <= startedAt && startedAt - each.finishedAt <= windowMs)
    .sort((a, b) => b.startedAt - a.startedAt)[0];
}

/** The first that was finished after it began and before it ended, or soon after. */
function remedy(outage: Outage, cause: Rollout, rollouts: readonly Rollout[]): Rollout | undefined {
  const until = (outage.endedAt ?? Number.POSITIVE_INFINITY) + afterwardsMs;
  return rollouts
    .filter(({ finishedAt, failed }) => !failed && finishedAt > outage.startedAt && finishedAt <= until)
    .filter((each) => each !== cause && each.finishedAt > cause.finishedAt)
    .sort((a, b) => a.finishedAt - b.finishedAt)[0];
}

const nameOf = (rollout: Rollout | undefined) =>
  rollout ? `${rollout.version} of ${new Date(rollout.startedAt).toISOString()}` : 'no deployment';

export const causedAsHappened: Check = {
  name: 'an incident is laid to the deployment that broke it, however late that was told, one that was merged to none, and what put it right is known',
  look: (evidence, broken) => {
    const rollouts = known(evidence);
    if (!rollouts) return;
    const rows = new Map(
      brokenRollouts(evidence).flatMap(({ rollout, counted }) => counted.map((row) => [row, rollout])),
    );
    const rolloutOf = (id: unknown) => [...rows].find(([row]) => row['deployment_id'] === id)?.[1];
    const outages = evidence.run.scenario.breakages?.outages ?? [];
    const told = outages.filter(({ id }) =>
      evidence.incidents.some((each) => each.id === id && each.complete),
    );
    if (told.length < outages.length) return;
    const remedies = new Map<Rollout, Rollout | undefined>();
    for (const outage of told.toSorted((a, b) => a.startedAt - b.startedAt)) {
      const row = evidence.incidents.find(({ id }) => id === outage.id)?.row;
      const name = `the outage of ${new Date(outage.startedAt).toISOString()}`;
      const cause = culprit(outage, rollouts);
      const blamed = row?.['cause_deployment_id'];
      if (rolloutOf(blamed) !== cause || (blamed === undefined) !== (cause === undefined))
        broken(`${name} is laid to ${nameOf(rolloutOf(blamed))} (${blamed}), it was ${nameOf(cause)}`);
      if (cause) remedies.set(cause, remedies.get(cause) ?? remedy(outage, cause, rollouts));
    }
    for (const [row, rollout] of rows) {
      const put = rolloutOf(row['remediation_id']);
      if (put !== remedies.get(rollout))
        broken(`${nameOf(rollout)} was put right by ${nameOf(put)}, it was ${nameOf(remedies.get(rollout))}`);
      const failed = [...remedies.keys()].includes(rollout);
      if (rollouts.includes(rollout) && (row['change_failure'] === true) !== failed)
        broken(`${nameOf(rollout)} says change_failure ${row['change_failure']}`);
    }
  },
};
