import * as fc from 'fast-check';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { deleted, patched } from '../../../lib/domain/deployment/log-events.ts';
import type { Grouping } from '../../../lib/domain/metrics/dora-report.ts';
import { answer } from '../../../lib/flow/measure/answer.ts';
import { lastEventKey } from '../../../lib/store/events/events.ts';
import { requestRematch } from '../../../lib/store/incidents/incidents.ts';
import { pinService } from '../../../lib/store/mappings/mappings.ts';
import { testConfig } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { deliverReport, withdraw } from '../../support/reports.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { createDeploymentFixture, type DeploymentFixture } from '../deployments/fixture.ts';
import { at, minute, page, startMs, threeEvents, told } from '../freeze/fixture.ts';

/** Numbers are computed when they are asked for: whatever changes what is known changes what was, at once. */
let fixture: DeploymentFixture;
beforeEach(async () => {
  fixture = createDeploymentFixture({ default_env: 'prod' });
  await fixture.push(
    service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }),
    service('cart', { team: 'shopping' }),
  );
});

const here = { service: at('PCHECK') };
const send = async (...bodies: WebhookBody[]) => {
  for (const body of bodies) await fixture.run.deliver(body);
};
/** Finished ten minutes before the hour in which everything happens. */
const deploy = (id: string, minutes = -10, given: Partial<DeploymentReport> = {}) =>
  fixture.tell({
    source: 'dora_api',
    external_id: `${id}-0123456789abcdef`,
    service: 'checkout-api',
    env: 'prod',
    status: 'succeeded',
    started_at: minute(minutes - 5),
    finished_at: minute(minutes),
    custom_tags: [],
    ...given,
  });

async function figures(by?: Grouping) {
  const scope = { fromMs: startMs - 86_400_000, toMs: startMs + 86_400_000 };
  const deps = { store: fixture.store, nowMs: startMs + 3 * 86_400_000, config: testConfig };
  const { document } = await answer(deps, { scope, by, timeZone: 'UTC' });
  const { change_failure_rate: rate, time_to_restore: restore, open_incidents: open } = document;
  return {
    incidents: rate.incidents,
    failed: rate.failed,
    restored: restore.count,
    seconds: restore.mean_seconds,
    open,
    groups: document.groups?.map(({ key }) => key),
  };
}

it('counts an incident, its time and the deployment it is laid to', async () => {
  await deploy('d1');
  await send(...threeEvents('Q1', at('PCHECK')));
  expect(await figures()).toMatchObject({ incidents: 1, failed: 1, restored: 1, open: 0 });
});

it('follows a reopening and its end', async () => {
  await send(...threeEvents('Q1', at('PCHECK')));
  const before = await figures();
  await send(told('Q1', 'incident.reopened', 60, here));
  expect(await figures()).toMatchObject({ restored: 0, seconds: null, open: 1 });
  await send(told('Q1', 'incident.resolved', 70, { ...here, reopened_at: minute(60) }));
  expect(await figures()).toMatchObject({ restored: 1, seconds: Number(before.seconds) + 600, open: 0 });
});

it('follows a merge: what went on as another incident is none of its own', async () => {
  await deploy('d1');
  await send(told('Q1', 'incident.triggered', 0, here), told('Q2', 'incident.triggered', 1, here));
  expect(await figures()).toMatchObject({ incidents: 2, failed: 1, open: 2 });
  const reason = { type: 'merge_resolve_reason', incident: { id: 'Q2', type: 'incident_reference' } };
  await send(told('Q1', 'incident.resolved', 5, { ...here, resolve_reason: reason }));
  expect(await figures()).toMatchObject({ incidents: 1, failed: 1, restored: 0, open: 1 });
});

it('follows a rematch to another service', async () => {
  await deploy('d1');
  await send(...threeEvents('Q1', at('PCHECK')));
  expect((await figures('service')).groups).toEqual(['checkout-api']);
  await pinService(fixture.store, 'PCHECK', { services: ['cart'] });
  await requestRematch(fixture.store, 'Q1');
  const last = await lastEventKey(fixture.store, 'Q1');
  await fixture.run.wake('Q1', last?.logKey ?? '');
  const now = await figures('service');
  // Nobody ever told of a deployment of cart.
  expect(now).toMatchObject({ incidents: 0, failed: 0, groups: ['cart', 'checkout-api'] });
});

it('follows a move: the incident is of the service where it ended', async () => {
  await deploy('d1');
  await fixture.push(
    service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }),
    service('cart', { team: 'shopping', pagerduty: page('PCART') }),
  );
  const there = { service: at('PCART') };
  await send(told('Q1', 'incident.triggered', 0, here));
  expect(await figures()).toMatchObject({ incidents: 1, failed: 1, open: 1 });
  await send(told('Q1', 'incident.service_updated', 3, there), told('Q1', 'incident.resolved', 10, there));
  expect(await figures('service')).toMatchObject({
    incidents: 0,
    failed: 0,
    restored: 1,
    seconds: 600,
    groups: ['cart', 'checkout-api'],
  });
});

it('follows a failure that is deleted by who reported it', async () => {
  await deploy('d1');
  const failure = {
    source: 'dora_api',
    external_id: 'failure-0123456789abcdef',
    services: ['checkout-api'],
    env: 'prod',
    started_at: minute(0),
    finished_at: minute(20),
    custom_tags: [],
  };
  const before = await figures();
  const id = await deliverReport(fixture.run, failure);
  expect(await figures()).toMatchObject({ incidents: 1, failed: 1, restored: 1, seconds: 1_200 });
  await withdraw(fixture.run, failure.external_id);
  expect(await figures()).toEqual(before);
  expect(id).toBe(`dora:${failure.external_id}`);
});

it('counts an incident that has a team only, where its team was deployed, and lays it to that', async () => {
  const failure = { source: 'dora_api', services: [], env: 'prod', custom_tags: [] };
  await deliverReport(fixture.run, {
    ...failure,
    team: 'payments',
    started_at: minute(0),
    finished_at: minute(5),
  });
  await deliverReport(fixture.run, {
    ...failure,
    team: 'search',
    started_at: minute(1),
    finished_at: minute(5),
  });
  expect(await figures()).toMatchObject({ incidents: 0, failed: 0, restored: 2 });
  await deploy('d1');
  expect(await figures('service')).toMatchObject({
    incidents: 1,
    failed: 1,
    groups: ['checkout-api', null],
  });
});

it('follows a webhook that comes a day late', async () => {
  const [triggered, , resolved] = threeEvents('Q1', at('PCHECK'));
  await send(
    ...[triggered, resolved].flatMap((body) => body ?? []),
    told('Q1', 'incident.reopened', 40, here),
  );
  expect(await figures()).toMatchObject({ restored: 0, open: 1 });
  fixture.clock.advance(86_400_000);
  await send(told('Q1', 'incident.resolved', 50, { ...here, reopened_at: minute(40) }));
  expect(await figures()).toMatchObject({ restored: 1, open: 0 });
});

it('follows a deployment that is told of after the incident, one that is taken back, and a person', async () => {
  await send(...threeEvents('Q1', at('PCHECK')));
  expect(await figures()).toMatchObject({ incidents: 0, failed: 0 });
  await deploy('d1');
  expect(await figures()).toMatchObject({ incidents: 1, failed: 1 });
  const id = 'd1-0123456789abcdef';
  await fixture.say(patched(id, { source: 'dora_api', change_failure: false }, fixture.clock.now()));
  expect(await figures()).toMatchObject({ incidents: 1, failed: 0 });
  await fixture.say(deleted(id, fixture.clock.now()));
  expect(await figures()).toMatchObject({ incidents: 0, failed: 0 });
});

it('comes to the same numbers in whatever order everything arrives', async () => {
  const events = (): (() => Promise<unknown>)[] => [
    ...threeEvents('Q1', at('PCHECK')).map((body) => () => send(body)),
    () => send(told('Q2', 'incident.triggered', 20, { ...here, created_at: minute(20) })),
    () => deploy('d1'),
    () => deploy('d2', 15),
    () => deploy('d3', 25, { status: 'failed' }),
  ];
  const run = async (order: readonly number[]) => {
    fixture = createDeploymentFixture({ default_env: 'prod' });
    await fixture.push(service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }));
    const all = events();
    for (const index of order) await all[index]?.();
    return figures('service');
  };
  const expected = await run(events().map((_, index) => index));
  expect(expected).toMatchObject({ incidents: 2, failed: 2, restored: 1, open: 1 });
  const orders = fc.shuffledSubarray(
    events().map((_, index) => index),
    { minLength: events().length },
  );
  await fc.assert(
    fc.asyncProperty(orders, async (order) => expect(await run(order)).toEqual(expected)),
    { numRuns: 15 },
  );
});
