import { reported } from '../../../lib/domain/deployment/log-events.ts';
import type { Selection } from '../../../lib/domain/incident-filter/criteria.ts';
import { deployed } from '../../support/deployments.ts';
import { createDeploymentFixture } from './fixture.ts';

const hook = (url: string, more: { name: string; events?: string[]; only?: Selection }) => ({
  type: 'webhook',
  url,
  ...more,
});

describe('deployments go', () => {
  it('where they are asked for, as far as `only` goes, and leave no rows elsewhere', async () => {
    const { receiver } = createDeploymentFixture();
    const asked = { events: ['deployment.*'] };
    const fixture = createDeploymentFixture({
      destinations: [
        hook(receiver.url, { name: 'incidents' }),
        hook(receiver.url, { name: 'all', ...asked }),
        hook(receiver.url, { name: 'prod', ...asked, only: { envs: ['PROD'], priorities: ['P1'] } }),
        hook(receiver.url, { name: 'others', ...asked, only: { teams: ['others'] } }),
        hook(receiver.url, { name: 'not-shop', ...asked, only: { not: { services: ['shop'] } } }),
        hook(receiver.url, {
          name: 'human',
          ...asked,
          only: { not: { sources: ['telemetry'], person: true } },
        }),
      ],
    });
    const id = await fixture.tell(deployed(0));
    const rows = await fixture.rowsOf('deliveries', `deployment:${id}`);
    expect(rows.map((row) => `${row['destination']} ${row['status']}`).sort()).toEqual([
      'all delivered',
      'human delivered',
      'prod delivered',
    ]);
  });

  it('on to who was told of one, whatever becomes of it', async () => {
    const { receiver } = createDeploymentFixture();
    const fixture = createDeploymentFixture({
      destinations: [
        hook(receiver.url, { name: 'prod', events: ['deployment.*'], only: { envs: ['prod'] } }),
      ],
    });
    const external_id = 'build:2187-production';
    const id = await fixture.tell(deployed(0, { external_id }));
    await fixture.tell(deployed(0, { external_id, env: 'staging' }));
    expect(fixture.events(id).map(({ env }) => env)).toEqual(['prod', 'staging']);
  });

  it('again and again, until they are taken', async () => {
    const fixture = createDeploymentFixture();
    fixture.receiver.answerWith(500, 500);
    const id = await fixture.tell(deployed(0));
    expect(fixture.events()).toEqual([]);
    for (let round = 0; round < 4; round++) {
      fixture.clock.advance(3_600_000);
      await fixture.run.sweep();
    }
    expect(fixture.events(id)).toHaveLength(1);
    const [row] = await fixture.rowsOf('deliveries', `deployment:${id}`);
    expect(row).toMatchObject({ status: 'delivered', attempts: expect.any(Number) });
  });
});

describe('a worker that dies', () => {
  it('at any write leaves nothing unsent and sends nothing under two ids', async () => {
    for (let deaths = 1; deaths < 14; deaths++) {
      const fixture = createDeploymentFixture();
      let writes = 0;
      const { db } = fixture.store;
      const dying = fixture.bridge(
        { destinations: fixture.run.deps.config.destinations },
        {
          send: async (command) => {
            const isWrite = /^(Put|Update)/.test(command.constructor.name);
            if (isWrite && ++writes >= deaths) throw new Error('died');
            return db.send(command);
          },
        },
      );
      const { subject, logKey } = await fixture.append(reported(deployed(0)));
      await dying.wake(subject, logKey).catch(() => {});
      for (let round = 0; round < 4; round++) {
        fixture.clock.advance(600_000);
        await fixture.run.sweep();
      }
      const ids = new Set(fixture.events().map(({ id }) => id));
      expect([deaths, ids.size]).toEqual([deaths, 1]);
      // Beyond the window nothing can be laid to it any more.
      fixture.clock.advance(86_400_000);
      await fixture.run.sweep();
      const [event] = await fixture.rowsOf('events', subject);
      expect([deaths, event?.['due_at']]).toEqual([deaths, undefined]);
    }
  });
});
