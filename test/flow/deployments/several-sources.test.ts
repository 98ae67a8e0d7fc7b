import fc from 'fast-check';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { identify } from '../../../lib/domain/deployment/identify.ts';
import { deleted, patched, reported } from '../../../lib/domain/deployment/log-events.ts';
import { commit, deployed } from '../../support/deployments.ts';
import { minute } from '../freeze/fixture.ts';
import { createDeploymentFixture, type DeploymentFixture } from './fixture.ts';

const byGitHub = (from: number, facts: Partial<DeploymentReport> = {}) =>
  deployed(from, {
    source: 'github',
    external_id: `github:deployment:${from}:${facts.version ?? ''}`,
    ...facts,
  });

/** What is left of ids and times of receipt, which differ from run to run. */
async function outcome(fixture: DeploymentFixture) {
  const rows = await fixture.deployments();
  const name = (id: unknown) => rows.find((row) => row['deployment_id'] === id)?.['finished_at'];
  return rows
    .map(({ finished_at, kind, same_as, status }) =>
      [finished_at, status, kind, name(same_as) !== undefined].join(' '),
    )
    .sort();
}

describe('a deployment that several sources report', () => {
  it('is sent once, names all of them, and has what only one of them knows', async () => {
    const fixture = createDeploymentFixture();
    const first = await fixture.tell(deployed(0, { commit_sha: commit('a') }));
    const second = await fixture.tell(byGitHub(1, { commit_sha: commit('a'), version: '1.4.0' }));
    await fixture.run.sweep();
    expect(await fixture.deployment(second)).toMatchObject({ same_as: first });
    expect(await fixture.deployment(first)).toMatchObject({
      sources: ['dora_api', 'github'],
      version: '1.4.0',
      finished_at: minute(5),
    });
    expect(fixture.events(second)).toEqual([]);
    expect(fixture.events().map(({ type, deployment }) => [type, deployment.sources.length])).toEqual([
      ['deployment.finished', 1],
      ['deployment.changed', 2],
    ]);
  });

  it('stays the one that was sent, though the other was heard of first and worked on later', async () => {
    const fixture = createDeploymentFixture();
    const early = reported(byGitHub(1, { commit_sha: commit('a') }));
    await fixture.append(early);
    fixture.clock.advance(1000);
    const sent = await fixture.tell(deployed(0, { commit_sha: commit('a') }));
    fixture.clock.advance(60_000);
    await fixture.run.sweep();
    const [finished] = fixture.events();
    expect(finished?.deployment.id).toBe(sent);
    expect(fixture.events().filter(({ type }) => type === 'deployment.finished')).toHaveLength(1);
  });

  it('is one, when both are worked on at the same moment', async () => {
    const fixture = createDeploymentFixture();
    const both = [deployed(0, { commit_sha: commit('a') }), byGitHub(1, { commit_sha: commit('a') })];
    const written = [];
    for (const each of both) written.push(await fixture.append(reported(each)));
    await Promise.all(written.map(({ subject, logKey }) => fixture.run.wake(subject, logKey)));
    await fixture.run.sweep();
    expect(fixture.events().filter(({ type }) => type === 'deployment.finished')).toHaveLength(1);
    expect((await fixture.deployments()).filter((row) => row['same_as'] !== undefined)).toHaveLength(1);
  });

  it('is a verdict on one of them a verdict on both', async () => {
    const fixture = createDeploymentFixture();
    const first = await fixture.tell(deployed(0, { commit_sha: commit('a') }));
    const second = await fixture.tell(byGitHub(1, { commit_sha: commit('a') }));
    await fixture.say(patched(second, { source: 'dora_api', change_failure: true }, fixture.clock.now()));
    await fixture.run.sweep();
    expect(await fixture.deployment(first)).toMatchObject({ change_failure: true });
    expect(fixture.events(first).at(-1)?.deployment.change_failure).toBe(true);
  });
});

describe('a deployment that several sources report, once it is taken back', () => {
  it.each(['the first', 'the second'])('by the id of %s of them, counts no more', async (which) => {
    const fixture = createDeploymentFixture();
    const ids = [
      await fixture.tell(deployed(0, { commit_sha: commit('a') })),
      await fixture.tell(byGitHub(1, { commit_sha: commit('a') })),
    ];
    const [first = '', second = ''] = ids;
    await fixture.say(deleted(which === 'the first' ? first : second, fixture.clock.now()));
    await fixture.run.sweep();
    for (const row of await fixture.deployments()) expect(row['deleted_at']).toBeDefined();
    expect(await fixture.deployment(second)).toMatchObject({ same_as: first });
    expect(fixture.events(first).at(-1)?.deployment).toMatchObject({ deleted: true });
    expect(fixture.events(second)).toEqual([]);
  });

  it('stays so, whoever tells of it afterwards', async () => {
    const fixture = createDeploymentFixture();
    const first = await fixture.tell(deployed(0, { commit_sha: commit('a') }));
    await fixture.say(deleted(first, fixture.clock.now()));
    const second = await fixture.tell(byGitHub(1, { commit_sha: commit('a') }));
    await fixture.run.sweep();
    expect(await fixture.deployment(second)).toMatchObject({
      same_as: first,
      deleted_at: expect.any(String),
    });
    expect(fixture.events(second)).toEqual([]);
    expect(fixture.events(first).map(({ type }) => type)).toEqual([
      'deployment.finished',
      'deployment.changed',
    ]);
  });

  it('is another one when it is deployed again', async () => {
    const fixture = createDeploymentFixture();
    const first = await fixture.tell(deployed(0, { commit_sha: commit('a') }));
    await fixture.say(deleted(first, fixture.clock.now()));
    const again = await fixture.tell(deployed(9, { commit_sha: commit('a') }));
    expect(await fixture.deployment(again)).not.toHaveProperty('deleted_at');
    expect(fixture.events(again)).toHaveLength(1);
  });
});

describe('a decision', () => {
  it('holds for hours, though whoever made it has not come to writing the row', async () => {
    const fixture = createDeploymentFixture();
    const first = reported(deployed(0, { commit_sha: commit('a') }));
    const { logKey } = await fixture.append(first);
    const { db } = fixture.store;
    const send = db.send.bind(db);
    // Its worker dies again and again between telling it and its row.
    let dies = true;
    db.send = async (command: Parameters<typeof send>[0]) => {
      const { TableName, Key } = command.input as { TableName?: string; Key?: Record<string, { S: string }> };
      const isRow = TableName?.endsWith('deployments') && Key?.['deployment_id'] !== undefined;
      if (dies && isRow && command.constructor.name === 'UpdateItemCommand') throw new Error('too much');
      return send(command);
    };
    await fixture.run.wake(first.subject, logKey);
    dies = false;
    fixture.clock.advance(3 * 3_600_000);
    const second = await fixture.tell(byGitHub(-1, { commit_sha: commit('a') }));
    await fixture.run.sweep();
    expect(await fixture.deployment(second)).toMatchObject({ same_as: expect.any(String) });
    expect(fixture.events().filter(({ type }) => type === 'deployment.finished')).toHaveLength(1);
  });
});

describe('deployments of one service and env', () => {
  it('become what an earlier one that arrives late makes of them', async () => {
    const fixture = createDeploymentFixture();
    await fixture.tell(deployed(60, { version: '2' }));
    const back = await fixture.tell(deployed(120, { version: '1' }));
    expect(await fixture.deployment(back)).toMatchObject({ kind: 'standard' });
    await fixture.tell(deployed(0, { version: '1' }));
    await fixture.run.sweep();
    expect(await fixture.deployment(back)).toMatchObject({ kind: 'rollback' });
    expect(fixture.events(back).map(({ deployment }) => deployment.kind)).toEqual(['standard', 'rollback']);
  });

  it('are compared with those of their own env only', async () => {
    const fixture = createDeploymentFixture();
    await fixture.tell(deployed(0, { version: '1', env: 'staging' }));
    await fixture.tell(deployed(60, { version: '2' }));
    const next = await fixture.tell(deployed(120, { version: '1' }));
    expect(await fixture.deployment(next)).toMatchObject({ kind: 'standard' });
  });

  it('are judged anew where one moves to another service, there and here', async () => {
    const fixture = createDeploymentFixture();
    const external_id = 'build:2187-production';
    await fixture.tell(deployed(0, { version: '1' }));
    await fixture.tell(deployed(60, { version: '2', external_id }));
    const back = await fixture.tell(deployed(120, { version: '1' }));
    expect(await fixture.deployment(back)).toMatchObject({ kind: 'rollback' });
    await fixture.tell(deployed(60, { version: '2', external_id, service: 'cart' }));
    await fixture.run.sweep();
    expect(await fixture.deployment(back)).toMatchObject({ kind: 'standard' });
  });

  const stories = fc.uniqueArray(
    fc.record({
      minutes: fc.integer({ min: 0, max: 5 }).map((slot) => slot * 4),
      version: fc.constantFrom('1', '2'),
      gitHub: fc.boolean(),
    }),
    {
      minLength: 2,
      maxLength: 5,
      selector: ({ minutes, version, gitHub }) => `${minutes} ${version} ${gitHub}`,
    },
  );

  it('come out the same in whatever order they arrive', async () => {
    const shuffled = stories.chain((story) =>
      fc.tuple(fc.constant(story), fc.shuffledSubarray(story, { minLength: story.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async (orders) => {
        const outcomes = [];
        for (const order of orders) {
          const fixture = createDeploymentFixture();
          for (const { minutes, version, gitHub } of order)
            await fixture.tell((gitHub ? byGitHub : deployed)(minutes, { version }));
          for (let round = 0; round < 3; round++) await fixture.run.sweep();
          outcomes.push((await outcome(fixture)).map((row) => row.replace(/ (true|false)$/, '')));
          const sent = fixture.events().filter(({ type }) => type === 'deployment.finished');
          const counted = (await fixture.deployments()).filter((row) => row['same_as'] === undefined);
          const doubled = fixture.events().filter(({ deployment }) => deployment.same_as !== undefined);
          expect(sent.length - new Set(doubled.map(({ deployment }) => deployment.id)).size).toBe(
            counted.length,
          );
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
      { numRuns: 12 },
    );
  });
});

it('a deployment of ours that comes back is the same one', async () => {
  const fixture = createDeploymentFixture();
  const id = await fixture.tell(deployed(0, { commit_sha: commit('a') }));
  const echo = deployed(0, { commit_sha: commit('a'), external_id: id });
  expect(identify(echo).id).toBe(id);
  await fixture.tell(echo);
  expect(fixture.events()).toHaveLength(1);
  expect(await fixture.deployments()).toHaveLength(1);
});
