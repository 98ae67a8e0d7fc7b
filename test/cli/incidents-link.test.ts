import { deleted } from '../../lib/domain/deployment/log-events.ts';
import { deployment } from '../../lib/domain/subject/deployment.ts';
import { readDeployment } from '../../lib/store/deployments/deployments.ts';
import { lastEventKey } from '../../lib/store/events/events.ts';
import { readIncident } from '../../lib/store/incidents/incidents.ts';
import { appendEntry, appendReport, deployed } from '../support/deployments.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';
import { pdbridge } from './run-cli.ts';

const first = 'release:2026.03.02-1';
const second = 'release:2026.03.02-2';
const taken = 'release:2026.03.02-3';
const config = ['--config', 'test/cli/fixtures/bridge.yml'];
let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase({ destinations: [{ name: 'screen', type: 'console' }], default_env: 'prod' });
  await fillCatalog(on, checkout);
  const now = on.bridge.deps.clock.now();
  const of = { service: 'checkout-api' };
  for (const entry of [
    await appendReport(on.store, now, deployed(10, { ...of, external_id: first })),
    await appendReport(on.store, now, deployed(20, { ...of, external_id: second })),
    await appendReport(on.store, now, deployed(22, { ...of, external_id: taken })),
    await appendEntry(on.store, now, deleted(taken, now + 1)),
  ])
    await on.bridge.wake(entry.subject, entry.logKey);
  const data = { id: 'QLINK', created_at: '2026-03-02T10:40:00Z' };
  await on.bridge.deliver(webhookBody('incident.triggered', { at: '2026-03-02T10:40:00Z', data }));
});
afterAll(() => on.stop());

const say = (...args: string[]) => on.run('incidents', ...args, ...config);
const cause = async () => {
  const row = await readIncident(on.store, 'QLINK');
  return [row?.['cause_rule'], row?.['cause_deployment_id']];
};

describe('pdbridge incidents link and unlink', () => {
  it('say what will change, write down who said it and why, and no rule overrules it', async () => {
    expect(await cause()).toEqual(['time', second]);
    const dry = await say('link', 'QLINK', first, '--dry-run');
    expect(dry.out).toContain(`Cause of QLINK: ${second} → ${first}.`);
    expect(dry.out).toContain(`Deployment ${second} does not answer for it any more.`);
    expect(await cause()).toEqual(['time', second]);

    expect((await say('link', 'QLINK', first, '--note', 'seen in the trace')).code).toBe(0);
    expect(await readIncident(on.store, 'QLINK')).toMatchObject({
      cause_rule: 'person',
      cause_deployment_id: first,
      cause_said: {
        deployment_id: first,
        by: expect.any(String),
        at: expect.any(String),
        note: 'seen in the trace',
      },
    });
    const { out } = await on.run('incidents', 'show', 'QLINK');
    expect(out).toMatch(/^cause +release:2026\.03\.02-1 by person: .* said .*: seen in the trace\./m);
    // As the stream does.
    const told = await lastEventKey(on.store, deployment.key(first));
    await on.bridge.wake(deployment.key(first), told?.logKey ?? '');
    expect(await readDeployment(on.store, first)).toMatchObject({ change_failure: true, caused: ['QLINK'] });

    const { json } = await say('unlink', 'QLINK', '--json');
    expect(json()).toMatchObject({
      incident_id: 'QLINK',
      before: { cause_deployment_id: first },
      after: { cause_rule: 'person', cause_deployment_id: null },
      said: { deployment_id: null },
    });
    expect(await cause()).toEqual(['person', undefined]);
    await say('link', 'QLINK', 'auto');
    expect(await cause()).toEqual(['time', second]);
    expect(await readIncident(on.store, 'QLINK')).not.toHaveProperty('cause_said');
  });

  it.each<[what: string, args: string[], code: string]>([
    ['an incident that is not there', ['link', 'QNONE', first], 'not_found'],
    ['a deployment that is not there', ['link', 'QLINK', 'release:2026.03.02-9'], 'not_found'],
    ['one that was taken back', ['link', 'QLINK', taken], 'not_linkable'],
    ['a note that is too long', ['unlink', 'QLINK', '--note', 'x'.repeat(1001)], 'wrong_usage'],
  ])('refuse %s and change nothing', async (_what, args, error) => {
    const before = await cause();
    const { json, code: exitCode } = await say(...args, '--json');
    expect([json(), exitCode]).toMatchObject([{ error }, error === 'wrong_usage' ? 2 : 1]);
    expect(await cause()).toEqual(before);
  });

  it('have help with an example', async () => {
    expect((await pdbridge(['incidents', 'link', '--help'])).out).toContain('incidents link Q2CKYRLH85UNN4');
  });
});
