import { env, service } from '../rollouts/fleet.ts';
import type { Rollout, Telling } from '../rollouts/rollout-plan.ts';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';
import { seenInTelemetry, withdrawnForSure } from './telemetry.ts';

/** Clocks of the bridge go wrong by less. */
const clockError = 30_000;

/** What became of one deployment that took place. */
interface RolledOut {
  rollout: Rollout;
  startedAt: number;
  /** Answered 2xx. */
  accepted: Telling[];
  /** Of what it was told over by. */
  ended: Telling[];
  /** Whatever lies in its time. */
  rows: Row[];
  /** Those that count. */
  counted: Row[];
  /** What told of its end and heard no answer, or that it shall send it again: it may be written all the same. */
  unheard: Telling[];
  takenBack: boolean;
}

const isTaken = ({ status }: { status: number | undefined }) => status !== undefined && status < 300;
const mayBeWritten = ({ status }: { status: number | undefined }) => status === undefined || status >= 500;
const timeOf = (row: Row) => Date.parse(row['started_at'] ?? row['finished_at']);

/** Each lies between the beginning of its own and that of the next one: they are far apart. */
export function rolledOut({ run, rows }: Evidence): RolledOut[] {
  const { rollouts } = run.scenario.rollouts;
  if (rollouts.length === 0) return [];
  const deletedIds = new Set(
    rows('events')
      .filter(({ event_type }) => event_type === 'deployment.deleted')
      .map(({ incident_id }) => String(incident_id).slice('deployment:'.length)),
  );
  const here = rows('deployments').filter((row) => row['env'] === env);
  return rollouts.map((rollout, at) => {
    const from = rollout.startedAt - clockError;
    const until = (rollouts[at + 1]?.startedAt ?? Number.POSITIVE_INFINITY) - clockError;
    const accepted = rollout.tellings.filter((telling) =>
      run.rolledOut.tellings.some((each) => each.telling === telling && isTaken(each)),
    );
    const own = here.filter(
      (row) => timeOf(row) >= from && timeOf(row) < until && row['version'] === rollout.version,
    );
    return {
      rollout,
      startedAt: rollout.startedAt,
      accepted,
      ended: accepted.filter(({ endsAt }) => endsAt !== undefined),
      rows: own,
      unheard: rollout.tellings.filter(
        (telling) =>
          telling.endsAt !== undefined &&
          run.rolledOut.tellings.some((each) => each.telling === telling && mayBeWritten(each)),
      ),
      counted: own.filter(
        (row) => row['same_as'] === undefined && row['finished_at'] !== undefined && !row['deleted_at'],
      ),
      // Whoever heard no answer may have been heard all the same.
      takenBack: run.rolledOut.removals.some(
        ({ rollout: removed, status, id }) =>
          removed === rollout &&
          (status === 202 || own.some((row) => deletedIds.has(row['deployment_id'])) || deletedIds.has(id)),
      ),
    };
  });
}

const nameOf = ({ version, startedAt }: Rollout) => `${version} of ${new Date(startedAt).toISOString()}`;

export const sendersAreHeard: Check = {
  name: 'pipelines and collectors are answered that it is written down, or that they shall send it again',
  look: ({ run, rows }, broken) => {
    const { exports } = run.rolledOut;
    const tellings = [...run.rolledOut.tellings, ...run.broke.tellings];
    const logged = new Set(rows('events').map(({ event_id }) => event_id));
    for (const { at, status, body, telling } of tellings) {
      const agreed = run.scenario.secrets.pipelinesAgree;
      const refusable = telling.source === 'github' || telling.source === 'gitlab';
      // Whose secret was changed before the bridge was told of it, give or take what it takes to be asked.
      if (status === 401 && refusable && !agreed(at - clockError)) continue;
      if (status !== undefined && !isTaken({ status }) && status < 500)
        broken(`${telling.source} was answered ${status}`);
      const said = status === 202 ? JSON.parse(body ?? '{}') : {};
      if (status === 202 && said.status !== 'accepted' && said.status !== 'duplicate')
        broken(`${telling.source} was told that its deployment is ${said.status}: ${said.reason}`);
    }
    for (const { status } of exports)
      if (status !== undefined && status !== 200 && status < 500) broken(`an export was answered ${status}`);
    if (tellings.some(isTaken) && logged.size === 0) broken('what was accepted is nowhere');
  },
};

export const oneRolloutEach: Check = {
  name: 'a deployment is counted once, whoever tells of it, with all that were heard, and never loses its end',
  look: (evidence, broken) => {
    const all = rolledOut(evidence);
    const mine = new Set(all.flatMap(({ rows }) => rows));
    for (const row of evidence.rows('deployments')) {
      if (row['env'] !== env || mine.has(row)) continue;
      const canary = evidence.run.scenario.rollouts.canaries.find(
        ({ version }) => version === row['version'],
      );
      if (!canary || withdrawnForSure(evidence, canary))
        broken(`nobody has deployed ${row['version']} at ${new Date(timeOf(row)).toISOString()}`);
    }
    for (const each of all) {
      const { rollout, accepted, ended, rows, counted, unheard, takenBack } = each;
      const name = nameOf(rollout);
      const telemetry = seenInTelemetry(evidence, rollout);
      if (takenBack) {
        if (counted.length > 0) broken(`${name} was taken back and counts`);
        continue;
      }
      const expected = ended.length > 0 || telemetry === 'for sure' ? 1 : 0;
      const most = telemetry === 'apart' ? 2 : telemetry === 'no' && unheard.length === 0 ? expected : 1;
      if (counted.length < expected || counted.length > most)
        broken(`${name} is counted ${counted.length} times: ${JSON.stringify(rows.map(brief))}`);
      const [one] = counted.filter((row) => ended.length === 0 || most < 2 || !isOfTelemetry(evidence, row));
      if (!one) continue;
      for (const source of new Set(ended.map(({ source }) => source)))
        if (!one['sources'].includes(source)) broken(`${name} does not name ${source}`);
      if (telemetry === 'for sure' && !one['sources'].includes('telemetry'))
        broken(`${name} does not name telemetry`);
      if (one['service'] !== service) broken(`${name} is of ${one['service']}`);
      if (ended.length === 0) continue;
      if (one['git_commit_sha'] !== rollout.commit) broken(`${name} is of ${one['git_commit_sha']}`);
      if (!isOfTelemetry(evidence, one)) isAsTold(each, one, broken);
      const open = rows.filter((row) => row['finished_at'] === undefined);
      for (const row of open)
        if (row['sources'].some((source: string) => ended.some((telling) => telling.source === source)))
          broken(`${name} has lost its end: ${JSON.stringify(brief(row))} of ${accepted.length} tellings`);
    }
  },
};

/** It has counted since before any pipeline told of it, or apart from what pipelines told. */
const isOfTelemetry = ({ rows }: Evidence, { deployment_id }: Row): boolean =>
  rows('events').some(
    ({ incident_id, body }) =>
      incident_id === `deployment:${deployment_id}` && JSON.parse(body).source === 'telemetry',
  );

function isAsTold(
  { rollout, accepted, ended, unheard }: RolledOut,
  one: Row,
  broken: (sentence: string) => void,
) {
  const name = nameOf(rollout);
  if (one['status'] !== (rollout.failed ? 'failed' : 'succeeded')) broken(`${name} is ${one['status']}`);
  if (![...ended, ...unheard].some(({ endsAt }) => endsAt === one['finished_at']))
    broken(`${name} is over at ${one['finished_at']}, which nobody has told`);
  const heard = new Set(ended.map(({ source }) => source));
  const knowsStart = accepted.some(({ source, starts }) => starts && heard.has(source));
  if (knowsStart && one['started_at'] === undefined) broken(`${name} has lost its start`);
}

const brief = (row: Row) => [row['deployment_id'], row['same_as'], row['sources'], row['finished_at']];

export const rightKindOfRollout: Check = {
  name: 'what brings back what was there is a rollback, told by pipelines or seen in telemetry',
  look: (evidence, broken) => {
    const all = rolledOut(evidence);
    // What may be two, or is not known to be one, could be the one before another.
    if (all.some(({ rollout }) => seenInTelemetry(evidence, rollout) === 'apart')) return;
    if (evidence.run.scenario.rollouts.canaries.some((canary) => !withdrawnForSure(evidence, canary))) return;
    const known = all.filter(({ counted }) => counted.length === 1);
    known.forEach(({ rollout, counted }, at) => {
      const before = known.slice(0, at).map((each) => each.rollout);
      const was = ({ version, failed }: Rollout) => version === rollout.version && !failed;
      const back = before.at(-1)?.version !== rollout.version && before.some(was);
      // Telemetry knows of what nobody has told, or what was taken back.
      const seen =
        counted[0]?.['sources'].includes('telemetry') &&
        all.some((each) => each.startedAt < rollout.startedAt && was(each.rollout));
      const kind = counted[0]?.['kind'];
      if (kind === (back ? 'rollback' : 'standard') || (seen && kind === 'rollback')) return;
      broken(
        `${nameOf(rollout)} is ${kind}, it ${back ? 'brings back' : 'does not bring back'} what was there`,
      );
    });
  },
};
