import { identify } from '../../../lib/domain/deployment/identify.ts';
import { deleted, patched, reported } from '../../../lib/domain/deployment/log-events.ts';
import { service } from '../../support/catalog-entries.ts';
import { commit, deployed } from '../../support/deployments.ts';
import { minute } from '../freeze/fixture.ts';
import { createDeploymentFixture } from './fixture.ts';

describe('a deployment that was reported', () => {
  it('is a row and one event, with what was told of it', async () => {
    const fixture = createDeploymentFixture({ default_env: 'staging', env_names: { production: 'prod' } });
    const id = await fixture.tell(
      deployed(0, {
        env: 'production',
        version: '1.4.0',
        commit_sha: commit('a'),
        team: 'shopping',
        custom_tags: ['a:b'],
      }),
    );
    expect(await fixture.deployment(id)).toMatchObject({
      deployment_id: id,
      service: 'shop',
      env: 'prod',
      team: 'shopping',
      version: '1.4.0',
      status: 'succeeded',
      kind: 'standard',
      git_commit_sha: commit('a'),
      started_at: minute(0),
      finished_at: minute(5),
      sources: ['dora_api'],
      custom_tags: ['a:b'],
      day: '2026-03-02',
      service_env: 'shop#prod',
    });
    expect(fixture.events()).toEqual([
      expect.objectContaining({
        version: '1',
        sequence: 1,
        type: 'deployment.finished',
        occurred_at: minute(5),
        services: ['shop'],
        env: 'prod',
        team: 'shopping',
      }),
    ]);
    const logged = async () => (await fixture.rowsOf('events', `deployment:${id}`))[0];
    // It is looked at again, at the last when no incident can be laid to it any more.
    expect(Date.parse(String((await logged())?.['due_at']))).toBeGreaterThan(fixture.clock.now());
    fixture.clock.advance(25 * 3_600_000);
    await fixture.run.sweep();
    expect(await logged()).not.toHaveProperty('due_at');
    expect((await logged())?.['expires_at']).toBeGreaterThan(0);
  });

  it('is told once, however often it is reported or looked at', async () => {
    const fixture = createDeploymentFixture();
    for (let time = 0; time < 3; time++) await fixture.tell(deployed(0));
    await fixture.run.sweep();
    expect(fixture.events()).toHaveLength(1);
    expect(await fixture.deployments()).toHaveLength(1);
  });

  it('is told when it is over, and has no finish before', async () => {
    const fixture = createDeploymentFixture();
    const id = await fixture.tell(deployed(0, { status: 'in_progress', finished_at: undefined }));
    expect(await fixture.deployment(id)).toMatchObject({ status: 'in_progress', started_at: minute(0) });
    expect(await fixture.deployment(id)).not.toHaveProperty('finished_at');
    expect(fixture.events()).toEqual([]);
    await fixture.tell(deployed(0));
    expect(await fixture.deployment(id)).toMatchObject({ status: 'succeeded', finished_at: minute(5) });
    expect(fixture.events()).toHaveLength(1);
  });

  it('is told again when what is known of it changes: a verdict, its remediation, a correction, its deletion', async () => {
    const fixture = createDeploymentFixture();
    const id = await fixture.tell(deployed(0, { external_id: 'build:2187-production' }));
    const repair = await fixture.tell(deployed(60, { version: '2' }));
    const say = (patch: object) =>
      fixture.say(patched(id, { source: 'dora_api', ...patch }, fixture.clock.now()));
    await say({ change_failure: true });
    await say({ change_failure: true, remediation: { id: repair, type: 'rollforward' } });
    await fixture.tell(deployed(0, { external_id: 'build:2187-production', version: '1.0.1' }));
    await fixture.say(deleted(id, fixture.clock.now()));
    expect(
      fixture.events(id).map(({ sequence, type, deployment }) => ({ sequence, type, ...deployment })),
    ).toEqual([
      expect.objectContaining({ sequence: 1, type: 'deployment.finished' }),
      expect.objectContaining({ sequence: 2, type: 'deployment.changed', change_failure: true }),
      expect.objectContaining({
        sequence: 3,
        remediation: { id: repair, type: 'rollforward', version: '2' },
      }),
      expect.objectContaining({ sequence: 4, version: '1.0.1', change_failure: true }),
      expect.objectContaining({ sequence: 5, deleted: true }),
    ]);
    await fixture.run.sweep();
    expect(await fixture.deployment(repair)).toMatchObject({ kind: 'standard' });
  });

  it("without a team is its owner's, and stays so when the catalog changes", async () => {
    const fixture = createDeploymentFixture();
    await fixture.push(service('shop', { team: 'shopping' }));
    const id = await fixture.tell(deployed(0));
    expect(await fixture.deployment(id)).toMatchObject({ team: 'shopping' });
    await fixture.push(service('shop', { team: 'others' }));
    await fixture.say(patched(id, { source: 'dora_api', change_failure: false }, fixture.clock.now()));
    expect(await fixture.deployment(id)).toMatchObject({ team: 'shopping', change_failure: false });
  });

  it('tells what Datadog calls its service, where the catalog says so', async () => {
    const fixture = createDeploymentFixture();
    await fixture.push(service('shop', { team: 'shopping', datadogName: 'shop-web', teamHandle: 'shp' }));
    const id = await fixture.tell(deployed(0));
    const names = { datadog_service: 'shop-web', datadog_team: 'shp' };
    expect(fixture.events()[0]).toMatchObject({ services: ['shop'], team: 'shopping', deployment: names });
    await fixture.push(service('shop', { team: 'shopping' }));
    await fixture.say(patched(id, { source: 'dora_api', change_failure: false }, fixture.clock.now()));
    expect(fixture.events()[1]).toMatchObject({ deployment: { ...names, change_failure: false } });
  });

  it('is waited for, when a verdict on it comes first', async () => {
    const fixture = createDeploymentFixture();
    const external_id = 'build:2187-production';
    await fixture.say(
      patched(external_id, { source: 'dora_api', change_failure: true }, fixture.clock.now()),
    );
    expect(await fixture.deployments()).toEqual([]);
    await fixture.tell(deployed(0, { external_id }));
    expect(fixture.events()[0]?.deployment).toMatchObject({ change_failure: true });
  });

  it('is told last as it is, and whole, when a worker that knew less comes back after the others and dies', async () => {
    const fixture = createDeploymentFixture();
    const { subject, logKey } = await fixture.append(reported(deployed(0)));
    const id = identify(deployed(0)).id;
    let isAway = false;
    let isDead = false;
    const late = fixture.bridge(
      { destinations: fixture.run.deps.config.destinations },
      {
        send: async (command) => {
          const { TableName } = command.input as { TableName?: string };
          if (TableName === 'test-outgoing' && !isAway) {
            isAway = true;
            await fixture.run.wake(subject, logKey);
            await fixture.say(patched(id, { source: 'dora_api', change_failure: true }, fixture.clock.now()));
          }
          if (TableName === 'test-deployments' && isAway && 'UpdateExpression' in command.input)
            isDead = true;
          if (isDead) throw new Error('the process is gone');
          return fixture.store.db.send(command);
        },
      },
    );
    await late.wake(subject, logKey).catch(() => {});
    expect(isDead).toBe(true);
    fixture.clock.advance(120_000);
    await fixture.run.sweep();
    const rows = await fixture.rowsOf('deliveries', subject);
    expect(rows.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    expect(fixture.events().at(-1)?.deployment).toMatchObject({ change_failure: true });
  });
});
