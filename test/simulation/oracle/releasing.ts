import { isDeepStrictEqual } from 'node:util';
import { broken as breakage } from '../breakages/breakage-plan.ts';
import type { ReleaseStory } from '../releases/release-story.ts';
import { env as fleet } from '../rollouts/fleet.ts';
import type { Row } from '../world.ts';
import { brokenRollouts } from './breaking.ts';
import type { Check } from './check.ts';
import type { Evidence } from './evidence.ts';
import { expectedRemedies } from './linking.ts';
import { rolledOut } from './rolling-out.ts';

/** What became of one deployment that took place. */
interface Outcome {
  story: ReleaseStory;
  /** Told by the sources whose word was taken. */
  accepted: ReleaseStory['messages'];
  /** Whatever was made of its ids. */
  rows: Row[];
  /** Those that count. */
  counted: Row[];
}

function outcomes({ run, rows }: Evidence): Outcome[] {
  const table = rows('deployments');
  return run.scenario.releases.map((story) => {
    const accepted = story.messages.filter((message) => run.released.has(message));
    const ids = new Set(accepted.map(({ id }) => id));
    const own = table.filter((row) => ids.has(row['deployment_id']));
    return { story, accepted, rows: own, counted: own.filter((row) => row['same_as'] === undefined) };
  });
}

export const oneDeploymentEach: Check = {
  name: 'a deployment that several sources tell of is one, with all of them, and its end and start are never lost',
  look: (evidence, broken) => {
    const { run, rows } = evidence;
    const logged = new Set(rows('events').map((row) => `${row['incident_id']} ${row['event_id']}`));
    for (const { story, accepted, rows: own, counted } of outcomes(evidence)) {
      const name = `the deployment of ${new Date(story.startedAt).toISOString()}`;
      for (const { entry } of accepted)
        if (!logged.has(`${entry.subject} ${entry.eventId}`))
          broken(`${name}: ${entry.eventId} is not in the log`);
      const reports = accepted.filter(({ fails }) => !fails);
      if (reports.length === 0) continue;
      const ended = reports.filter(({ ends }) => ends);
      // What is not known to be over cannot be compared.
      const endedIds = new Set(ended.map(({ id }) => id));
      const over = counted.filter((row) => endedIds.has(row['deployment_id']));
      if (ended.length > 0 && over.length !== 1)
        broken(
          `${name} became ${over.length}: ${JSON.stringify(own.map((row) => [row['deployment_id'], row['same_as']]))}`,
        );
      const [one] = over;
      if (!one) continue;
      const sources = new Set(ended.map(({ source }) => source));
      for (const source of sources)
        if (!one['sources'].includes(source)) broken(`${name} does not name ${source}`);
      if (one['finished_at'] === undefined || one['status'] !== 'succeeded')
        broken(`${name} has lost its end`);
      if (one['started_at'] === undefined && ended.some(({ starts }) => starts))
        broken(`${name} has lost its start`);
      if (one['service']?.trim().toLowerCase() !== story.service) broken(`${name} is of ${one['service']}`);
      if (one['git_commit_sha'] !== story.commit) broken(`${name} is of commit ${one['git_commit_sha']}`);
      const said = accepted.some(({ fails, id }) => fails && endedIds.has(id));
      const judged = said || (one['caused'] ?? []).length > 0;
      if ((one['change_failure'] === true) !== judged)
        broken(`${name} says change_failure ${one['change_failure']}`);
    }
    const invented = rows('deployments').filter(
      (row) =>
        row['env'] !== fleet &&
        row['service'] !== breakage.service &&
        !run.scenario.releases.some(({ messages }) => messages.some(({ id }) => id === row['deployment_id'])),
    );
    if (invented.length > 0) broken(`${invented.length} deployments that nobody told of`);
  },
};

export const rightKind: Check = {
  name: 'a deployment is a rollback exactly when it brings back what was there before, in whatever order they were told',
  look: (evidence, broken) => {
    const known = outcomes(evidence).flatMap(({ story, accepted, counted }) => {
      const row = counted.find(({ finished_at }) => finished_at !== undefined);
      return accepted.some(({ ends }) => ends) && row ? [{ story, row }] : [];
    });
    known.sort((a, b) => (a.row['finished_at'] < b.row['finished_at'] ? -1 : 1));
    const remedies = new Set(expectedRemedies(evidence).values());
    known.forEach(({ story, row }, at) => {
      const before = known.slice(0, at);
      const back =
        before.some((each) => each.story.commit === story.commit) &&
        before.at(-1)?.story.commit !== story.commit;
      const forward = remedies.has(row['deployment_id']) ? 'rollforward' : 'standard';
      if (row['kind'] !== (back ? 'rollback' : forward))
        broken(
          `${row['deployment_id']} is ${row['kind']}, it ${back ? 'brings back' : 'does not bring back'} what was there`,
        );
    });
  },
};

/** What an event tells, without what every event has of its own. */
function newsOf({ deployment_event }: Row): unknown {
  const { id: _id, sequence: _sequence, type: _type, occurred_at: _at, ...news } = deployment_event;
  return news;
}

const shown = ['env', 'started_at', 'finished_at', 'team'] as const;
const inside = ['version', 'status', 'kind', 'change_failure', 'sources', 'same_as'] as const;

export const toldOnceAndLast: Check = {
  name: 'a deployment is told to be finished once, and told last as it is',
  look: (evidence, broken) => {
    const outgoing = evidence.rows('outgoing').filter((row) => row['deployment_event'] !== undefined);
    const of = (row: Row) =>
      outgoing
        .filter((frozen) => frozen['incident_id'] === `deployment:${row['deployment_id']}`)
        .sort((a, b) => a['sequence'] - b['sequence']);
    const released = outcomes(evidence).map(({ story, rows, counted }) => ({ ...story, rows, counted }));
    const all = [...released, ...rolledOut(evidence), ...brokenRollouts(evidence)];
    for (const { startedAt, rows, counted } of all) {
      const name = `the deployment of ${new Date(startedAt).toISOString()}`;
      const finished = rows
        .flatMap(of)
        .filter((frozen) => frozen['deployment_event'].type === 'deployment.finished');
      // What may count apart, which others judge, is told apart.
      if (finished.length > Math.max(1, counted.length))
        broken(`${name} was told to be finished ${finished.length} times`);
      for (const row of counted) {
        const events = of(row);
        if (row['finished_at'] === undefined) {
          if (events.length > 0) broken(`${name} was told and is not over`);
          continue;
        }
        events.forEach((frozen, at) => {
          if (frozen['sequence'] !== at + 1)
            broken(`${name} has sequence ${frozen['sequence']} at place ${at + 1}`);
        });
        events.slice(1).forEach((frozen, before) => {
          if (isDeepStrictEqual(newsOf(frozen), newsOf(events[before] as Row)))
            broken(`${name} was told the same twice, at last in sequence ${frozen['sequence']}`);
        });
        const last = events.at(-1)?.['deployment_event'];
        if (!last) {
          broken(`${name} is over and was never told`);
          continue;
        }
        for (const fact of shown)
          if (!isDeepStrictEqual(last[fact], row[fact]))
            broken(`${name} was told last with ${fact} ${last[fact]}, it is ${row[fact]}`);
        for (const fact of inside)
          if (!isDeepStrictEqual(last.deployment[fact], row[fact]))
            broken(`${name} was told last with ${fact} ${last.deployment[fact]}, it is ${row[fact]}`);
      }
    }
  },
};
