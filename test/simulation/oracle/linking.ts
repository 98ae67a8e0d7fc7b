import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';

const minute = 60_000;
const hour = 60 * minute;
const windowMs = 24 * hour;
const longestMs = 7 * 24 * hour;
const afterwardsMs = 15 * minute;

const plain = (name: unknown): string =>
  String(name ?? '')
    .trim()
    .toLowerCase();
const ms = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : Number.NaN);

/** Those that count: not another one's double, not held. */
export const ownDeployments = ({ rows }: Evidence): Row[] =>
  rows('deployments').filter(
    (row) => row['same_as'] === undefined && row['deleted_at'] === undefined && row['service'] !== undefined,
  );

/** What was told of one by the sources that are no more than it; facts that only its doubles know do not count. */
const begunAt = (row: Row): number => ms(row['facts']?.started_at ?? row['finished_at'] ?? row['at']);

/** Which deployment an incident has to be laid to, by what the rows say for everybody to see. */
export function expectedCause(incident: Row, deployments: readonly Row[]): Row | undefined {
  const { started_at, merged_into, services = [], team, env } = incident;
  const startMs = ms(started_at);
  if (Number.isNaN(startMs) || merged_into !== undefined) return undefined;
  const suspects = deployments.filter((row) => {
    if (row['status'] === 'failed' || plain(row['env']) !== plain(env)) return false;
    const isOurs =
      services.length > 0
        ? services.some((name: string) => plain(name) === plain(row['service']))
        : team !== undefined && plain(team) === plain(row['team']);
    const endMs = ms(row['finished_at'] ?? row['at']);
    return isOurs && begunAt(row) <= startMs && startMs - endMs <= windowMs && endMs - startMs <= longestMs;
  });
  return suspects.sort(
    (a, b) =>
      begunAt(b) - begunAt(a) ||
      (ms(b['finished_at']) || Infinity) - (ms(a['finished_at']) || Infinity) ||
      (a['deployment_id'] < b['deployment_id'] ? 1 : -1),
  )[0];
}

/** The first that was finished while the incident lasted, or shortly after. */
function expectedRemedy(incident: Row, cause: Row, deployments: readonly Row[]): Row | undefined {
  const [startMs, endMs] = [ms(incident['started_at']), ms(incident['finished_at'])];
  return deployments
    .filter((row) => {
      const atMs = ms(row['finished_at']);
      const isBeside =
        plain(row['service']) === plain(cause['service']) && plain(row['env']) === plain(cause['env']);
      const isDone = row !== cause && row['status'] === 'succeeded' && atMs > startMs;
      const isInTime = atMs <= (Number.isNaN(endMs) ? Infinity : endMs) + afterwardsMs;
      return isBeside && isDone && isInTime && atMs > (ms(cause['finished_at']) || 0);
    })
    .sort((a, b) => ms(a['finished_at']) - ms(b['finished_at']) || begunAt(b) - begunAt(a))[0];
}

/** For each deployment that something was laid to, what put it right. */
export function expectedRemedies(evidence: Evidence): Map<string, string | undefined> {
  const deployments = ownDeployments(evidence);
  const remedies = new Map<string, string | undefined>();
  for (const incident of blamers(evidence)) {
    const cause = expectedCause(incident, deployments);
    if (!cause || remedies.get(cause['deployment_id']) !== undefined) continue;
    remedies.set(cause['deployment_id'], expectedRemedy(incident, cause, deployments)?.['deployment_id']);
  }
  return remedies;
}

const blamers = ({ all }: Evidence): Row[] =>
  all
    .flatMap(({ row }) => (row && row['withdrawn_at'] === undefined ? [row] : []))
    .sort((a, b) => (String(a['started_at']) < String(b['started_at']) ? -1 : 1));

export const rightCause: Check = {
  name: 'an incident is laid to the deployment that what happened demands, whatever came when',
  look: (evidence, broken) => {
    const deployments = ownDeployments(evidence);
    for (const { id, row } of evidence.all) {
      // What was taken back counts nowhere, and is laid to nothing that is told of later.
      if (!row || row['started_at'] === undefined || row['withdrawn_at'] !== undefined) continue;
      const expected = expectedCause(row, deployments)?.['deployment_id'];
      if (row['cause_deployment_id'] !== expected)
        broken(`${id} is laid to ${row['cause_deployment_id']}, should be to ${expected}`);
      if (row['cause_rule'] !== (expected === undefined ? 'none' : 'time'))
        broken(`${id} is laid to ${expected} by ${row['cause_rule']}`);
    }
  },
};

export const rightFailures: Check = {
  name: 'a deployment answers for what is laid to it and for nothing else, and failed exactly when it does or was said to',
  look: (evidence, broken) => {
    const deployments = ownDeployments(evidence);
    const remedies = expectedRemedies(evidence);
    // Which incidents count is another promise; here it is looked at where all do.
    if (evidence.run.scenario.deployments.some(({ config }) => config.counts !== undefined)) return;
    for (const row of deployments) {
      const id = row['deployment_id'];
      const expected = blamers(evidence)
        .filter((incident) => expectedCause(incident, deployments)?.['deployment_id'] === id)
        .map((incident) => incident['incident_id'])
        .sort();
      const caused = [...(row['caused'] ?? [])].sort();
      if (JSON.stringify(caused) !== JSON.stringify(expected))
        broken(`${id} answers for ${caused}, should for ${expected}`);
      if (row['remediation_id'] !== remedies.get(id))
        broken(`${id} was put right by ${row['remediation_id']}, should be by ${remedies.get(id)}`);
      if (expected.length > 0 && row['change_failure'] !== true)
        broken(`${id} caused ${expected} and says change_failure ${row['change_failure']}`);
      if (row['finished_at'] !== undefined && row['change_failure'] === undefined)
        broken(`${id} is not judged, although its window is over`);
    }
  },
};
