import { patched } from '../../../lib/domain/deployment/log-events.ts';
import { service } from '../../support/catalog-entries.ts';
import { deployed } from '../../support/deployments.ts';
import { createDeploymentFixture } from './fixture.ts';

const repository_id = 'github.com/acme/shop';
const ofRepository = { service: undefined, repository_id };

describe('a deployment that names its repository only', () => {
  it('is of the service whose code is in it, and stays so', async () => {
    const fixture = createDeploymentFixture();
    await fixture.push(service('shop', { repositories: [repository_id], team: 'shopping' }));
    const id = await fixture.tell(deployed(0, ofRepository));
    expect(await fixture.deployment(id)).toMatchObject({ service: 'shop', team: 'shopping' });
    await fixture.push(service('other', { repositories: [repository_id] }));
    await fixture.say(patched(id, { source: 'dora_api', change_failure: true }, fixture.clock.now()));
    expect(await fixture.deployment(id)).toMatchObject({ service: 'shop' });
  });

  it('is held with a reason while nobody knows it, and goes out once the catalog does', async () => {
    const fixture = createDeploymentFixture();
    const id = await fixture.tell(deployed(0, ofRepository));
    await fixture.run.sweep();
    const held = await fixture.deployment(id);
    expect(held).toMatchObject({
      held: 'unmatched',
      service_explanation: expect.stringContaining(repository_id),
    });
    expect(held).not.toHaveProperty('expires_at');
    expect(fixture.events()).toEqual([]);
    expect(fixture.run.deps.telemetry.count('DeploymentsHeld')).toBe(1);
    await fixture.push(service('shop', { repositories: [repository_id] }));
    await fixture.run.sweep();
    expect(await fixture.deployment(id)).toMatchObject({ service: 'shop', status: 'succeeded' });
    expect(await fixture.deployment(id)).not.toHaveProperty('held');
    expect(fixture.events().map(({ services }) => services)).toEqual([['shop']]);
    await fixture.run.sweep();
    expect(fixture.events()).toHaveLength(1);
  });

  it('reaches the deployment it turns out to be, though the worker that released it dies before', async () => {
    const fixture = createDeploymentFixture();
    const held = await fixture.tell(deployed(0, { ...ofRepository, source: 'github', version: '2' }));
    const seen = await fixture.tell(deployed(1, { version: '2' }));
    // By then nothing looks at the other one again by itself.
    fixture.clock.advance(25 * 3_600_000);
    await fixture.run.sweep();
    await fixture.push(service('shop', { repositories: [repository_id] }));
    const { db } = fixture.store;
    const send = db.send.bind(db);
    let isReleased = false;
    db.send = async (command: Parameters<typeof send>[0]) => {
      if (isReleased) throw new Error('the worker is dead');
      const answer = await send(command);
      const { TableName, Key } = command.input as { TableName?: string; Key?: Record<string, { S: string }> };
      const isRow = TableName?.endsWith('deployments') && Key?.['deployment_id']?.S === held;
      isReleased = isRow === true && command.constructor.name === 'UpdateItemCommand';
      return answer;
    };
    await fixture.run.sweep().catch(() => {});
    expect(isReleased).toBe(true);
    db.send = send;
    fixture.clock.advance(20 * 60_000);
    await fixture.run.sweep();
    await fixture.run.sweep();
    expect(await fixture.deployment(held)).toMatchObject({ same_as: seen });
    expect(await fixture.deployment(seen)).toMatchObject({
      sources: expect.arrayContaining(['dora_api', 'github']),
    });
  });

  it('is a deployment of each of several services, told once each, verdicts included', async () => {
    const fixture = createDeploymentFixture({
      ingest: { settle_minutes: 15, repositories: { [repository_id]: ['cart', 'billing'] } },
    });
    const external_id = 'build:2187-production';
    const id = await fixture.tell(deployed(0, { ...ofRepository, external_id }));
    fixture.clock.advance(60_000);
    await fixture.run.sweep();
    const parts = (await fixture.deployment(id))['split_into'] as string[];
    expect(parts).toHaveLength(2);
    expect(await fixture.deployment(id)).not.toHaveProperty('service');
    expect(
      fixture
        .events()
        .map(({ services }) => services[0])
        .sort(),
    ).toEqual(['billing', 'cart']);
    await fixture.say(
      patched(external_id, { source: 'dora_api', change_failure: true }, fixture.clock.now()),
    );
    fixture.clock.advance(60_000);
    await fixture.run.sweep();
    for (const part of parts) expect(await fixture.deployment(part)).toMatchObject({ change_failure: true });
    expect(fixture.events()).toHaveLength(4);
  });
});
