import { patched } from '../../../lib/domain/deployment/log-events.ts';
import { commit, deployed } from '../../support/deployments.ts';
import { createDeploymentFixture } from './fixture.ts';

const day = 86_400;
const external_id = 'build:2187-production';

describe('what is kept of a deployment', () => {
  it('is its row as long as metrics need it, its log and what was sent as long as all that', async () => {
    const fixture = createDeploymentFixture({ retention_days: 60, metrics_retention_days: 800 });
    const id = await fixture.tell(deployed(0, { external_id }));
    const now = fixture.clock.now() / 1000;
    fixture.clock.advance(day * 1000);
    await fixture.run.sweep();
    const days = (row: Record<string, unknown> = {}) => Math.round((Number(row['expires_at']) - now) / day);
    const [event] = await fixture.rowsOf('events', `deployment:${id}`);
    const [delivery] = await fixture.rowsOf('deliveries', `deployment:${id}`);
    expect([days(await fixture.deployment(id)), days(event), days(delivery)]).toEqual([801, 61, 60]);
  });

  it('outlives its log: a verdict that comes then is told of the deployment as it was', async () => {
    const fixture = createDeploymentFixture();
    const told = {
      external_id,
      version: '1.4.0',
      commit_sha: commit('a'),
      team: 'shopping',
      custom_tags: ['a:b'],
    };
    const id = await fixture.tell(deployed(0, told));
    const [before] = fixture.events();
    await fixture.forget('events', `deployment:${id}`);
    await fixture.forget('outgoing', `deployment:${id}`);
    await fixture.say(patched(id, { source: 'dora_api', change_failure: true }, fixture.clock.now()));
    const [, after] = fixture.events();
    expect(after).toEqual({
      ...before,
      id: after?.id,
      sequence: 2,
      type: 'deployment.changed',
      occurred_at: after?.occurred_at,
      deployment: { ...before?.deployment, change_failure: true },
    });
    expect(await fixture.deployment(id)).toMatchObject({
      change_failure: true,
      version: '1.4.0',
      event_count: 1,
    });
  });
});
