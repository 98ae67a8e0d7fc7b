import * as fc from 'fast-check';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { deleted, patched } from '../../../lib/domain/deployment/log-events.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { rejudge } from '../../../lib/flow/links/rejudge.ts';
import { readRecords } from '../../../lib/flow/measure/read-records.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { sayCause } from '../../../lib/store/incidents/causes.ts';
import { testConfig } from '../../support/bridge.ts';
import { service } from '../../support/catalog-entries.ts';
import { scan } from '../../support/scan.ts';
import type { WebhookBody } from '../../support/webhooks.ts';
import { createDeploymentFixture, type DeploymentFixture } from '../deployments/fixture.ts';
import { at, minute, page, startMs, threeEvents, told } from '../freeze/fixture.ts';

/** What is written on the rows must in the end be what is judged when somebody asks, whatever came when. */
let fixture: DeploymentFixture;
const hourMs = 3_600_000;

const begin = async () => {
  fixture = createDeploymentFixture({ default_env: 'prod' });
  await fixture.push(
    service('checkout-api', { team: 'payments', pagerduty: page('PCHECK') }),
    service('cart', { team: 'shopping', pagerduty: page('PCART') }),
  );
};
beforeEach(begin);

const here = { service: at('PCHECK') };
const send = async (...bodies: WebhookBody[]) => {
  for (const body of bodies) await fixture.run.deliver(body);
};
const idOf = (id: string) => `${id}-0123456789abcdef`;
const deploy = (id: string, minutes: number, given: Partial<DeploymentReport> = {}) =>
  fixture.tell({
    source: 'dora_api',
    external_id: idOf(id),
    service: 'checkout-api',
    env: 'prod',
    version: id,
    status: 'succeeded',
    started_at: minute(minutes - 5),
    finished_at: minute(minutes),
    custom_tags: [],
    ...given,
  });

/** Lets everything that is due come, and what comes of that. */
async function settle(ms = 0): Promise<void> {
  fixture.clock.advance(ms);
  for (let round = 0; round < 4; round++) {
    fixture.clock.advance(130_000);
    await fixture.run.sweep();
  }
}

const deps = () => ({ store: fixture.store, clock: fixture.clock, config: testConfig, random });
let tokens = 0;
const random = { token: () => `person${++tokens}`, unit: () => 0.5 };

async function say(id: string, deployment: string | null) {
  const said = { deployment_id: deployment, by: 'ada', at: minute(90), note: 'seen in the trace' };
  await sayCause(fixture.store, id, said);
  await rejudge(deps(), id);
}

/** What the rows say, and what is judged now, in one form. */
async function both() {
  const { links, deployments } = await readRecords(
    { store: fixture.store, nowMs: fixture.clock.now(), config: testConfig },
    startMs - 24 * hourMs,
  );
  const incidents = await scan(fixture.store, 'incidents');
  const rows = await fixture.deployments();
  const causeOf = ({ cause_rule, cause_deployment_id, cause_explanation }: Row) => [
    cause_rule,
    cause_deployment_id,
    cause_explanation,
  ];
  return {
    recorded: {
      causes: Object.fromEntries(incidents.map((row) => [row['incident_id'], causeOf(row)]).sort()),
      failures: Object.fromEntries(
        rows
          .filter((row) => row['same_as'] === undefined && row['deleted_at'] === undefined)
          .map((row) => [row['deployment_id'], [row['change_failure'], row['kind'], countOf(row['caused'])]])
          .sort(),
      ),
    },
    judged: {
      causes: Object.fromEntries(
        [...links]
          .map(([id, { rule, deploymentId, explanation }]) => [id, [rule, deploymentId, explanation]])
          .sort(),
      ),
      failures: Object.fromEntries(
        deployments
          .map(({ id, changeFailure, kind }) => {
            const caused = [...links.values()].filter(({ deploymentId }) => deploymentId === id).length;
            return [id, [changeFailure, kind, caused] as const] as const;
          })
          .sort(),
      ),
    },
  };
}

const countOf = (caused: unknown) => (Array.isArray(caused) ? caused.length : 0);

const cause = async (id: string) => {
  const { cause_rule, cause_deployment_id } = await fixture.row(id);
  return [cause_rule, cause_deployment_id];
};

describe('the recorded link', () => {
  it('stands on the incident, in its events and on the deployment, which is a change failure by it', async () => {
    fixture.run = fixture.bridge({
      default_env: 'prod',
      destinations: [
        { name: 'hook', type: 'webhook', url: fixture.receiver.url, events: ['deployment.*', 'incident.*'] },
      ],
    });
    await deploy('d1', -10);
    await send(told('Q1', 'incident.triggered', 0, here));
    expect(await fixture.row('Q1')).toMatchObject({
      cause_deployment_id: idOf('d1'),
      cause_rule: 'time',
      cause_explanation: expect.stringContaining('was finished 10 min before the incident began'),
    });
    await settle();
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ change_failure: true, caused: ['Q1'] });
    const arrived = fixture.receiver.received.map(({ json }) => json as IncidentEvent);
    expect(arrived.find(({ type }) => type === 'incident.triggered')).toMatchObject({
      cause: {
        deployment_id: idOf('d1'),
        version: 'd1',
        finished_at: minute(-10),
        rule: 'time',
        explanation: expect.stringContaining('it is the newest within 24 h'),
      },
    });
    expect(
      fixture.events(idOf('d1')).map(({ type, deployment }) => [type, deployment.change_failure]),
    ).toEqual([
      ['deployment.finished', undefined],
      ['deployment.changed', true],
    ]);
  });

  it('is judged again when a deployment comes late, is corrected and is taken back', async () => {
    await send(...threeEvents('Q1', at('PCHECK')));
    expect(await cause('Q1')).toEqual(['none', undefined]);
    await deploy('d1', -30);
    expect(await cause('Q1')).toEqual(['time', idOf('d1')]);
    await deploy('d2', -10);
    expect(await cause('Q1')).toEqual(['time', idOf('d2')]);
    await deploy('d2', -10, { env: 'staging' });
    expect(await cause('Q1')).toEqual(['time', idOf('d1')]);
    await fixture.say(deleted(idOf('d1'), fixture.clock.now()));
    expect(await cause('Q1')).toEqual(['none', undefined]);
    await settle();
    expect(await fixture.deployment(idOf('d1'))).not.toHaveProperty('caused');
    expect(await fixture.deployment(idOf('d2'))).not.toHaveProperty('change_failure');
  });

  it('is found by a deployment that comes when the incident is over for months and its log has expired', async () => {
    await send(...threeEvents('Q1', at('PCHECK')));
    await settle();
    await fixture.forget('events', 'Q1');
    fixture.clock.advance(90 * 24 * hourMs);
    await deploy('d1', -10);
    expect(await cause('Q1')).toEqual(['time', idOf('d1')]);
    await settle();
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ change_failure: true });
  });

  it('has the deployment that put it right, which then is a rollforward, or a rollback', async () => {
    await deploy('d1', -60);
    await deploy('d2', -10);
    await send(told('Q1', 'incident.triggered', 0, here));
    await deploy('d3', 12);
    await settle();
    expect(await fixture.deployment(idOf('d2'))).toMatchObject({
      change_failure: true,
      remediation_id: idOf('d3'),
    });
    expect(await fixture.deployment(idOf('d3'))).toMatchObject({ kind: 'rollforward' });
    expect(fixture.events(idOf('d2')).at(-1)?.deployment).toMatchObject({
      remediation: { id: idOf('d3'), type: 'rollforward' },
    });
    await deploy('d3', 12, { version: 'd1' });
    await settle();
    expect(await fixture.deployment(idOf('d3'))).toMatchObject({ kind: 'rollback' });
    expect(fixture.events(idOf('d2')).at(-1)?.deployment).toMatchObject({
      remediation: { id: idOf('d3'), type: 'rollback' },
    });
    await say('Q1', null);
    await settle();
    expect(await fixture.deployment(idOf('d3'))).toMatchObject({ kind: 'rollback' });
    expect(fixture.events(idOf('d2')).at(-1)?.deployment).not.toHaveProperty('remediation');
  });

  it('becomes false when the window is over without an incident, and true should one come after all', async () => {
    await deploy('d1', 55);
    await settle();
    expect(await fixture.deployment(idOf('d1'))).not.toHaveProperty('change_failure');
    await settle(24 * hourMs);
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ change_failure: false });
    await send(told('Q1', 'incident.triggered', 60, { ...here, created_at: minute(60) }));
    await settle();
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ change_failure: true });
  });

  it('is a person’s, who is not overruled by what comes later, until the word is taken back', async () => {
    await deploy('d1', -60);
    await deploy('d2', -10);
    await send(told('Q1', 'incident.triggered', 0, here));
    await say('Q1', idOf('d1'));
    expect(await cause('Q1')).toEqual(['person', idOf('d1')]);
    await deploy('d3', -5);
    await send(told('Q1', 'incident.resolved', 7, here));
    await settle();
    expect(await fixture.row('Q1')).toMatchObject({
      cause_rule: 'person',
      cause_deployment_id: idOf('d1'),
      cause_explanation: expect.stringMatching(/^ada said .*: seen in the trace\.$/),
    });
    await say('Q1', null);
    await deploy('d4', -4);
    await settle();
    expect(await cause('Q1')).toEqual(['person', undefined]);
    for (const id of ['d1', 'd2', 'd3', 'd4'])
      expect((await fixture.deployment(idOf(id)))['caused']).toBeUndefined();
    await sayCause(fixture.store, 'Q1', undefined);
    await rejudge(deps(), 'Q1');
    expect(await cause('Q1')).toEqual(['time', idOf('d4')]);
  });

  it('goes with a merge, a rematch and what somebody says of the deployment itself', async () => {
    await deploy('d1', -10);
    await send(told('Q1', 'incident.triggered', 0, here), told('Q2', 'incident.triggered', 1, here));
    await settle();
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ caused: ['Q1', 'Q2'] });
    const reason = { type: 'merge_resolve_reason', incident: { id: 'Q2', type: 'incident_reference' } };
    await send(told('Q1', 'incident.resolved', 5, { ...here, resolve_reason: reason }));
    await settle();
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ caused: ['Q2'], change_failure: true });
    await send(told('Q2', 'incident.delegated', 6, { service: at('PCART') }));
    await settle();
    expect(await fixture.deployment(idOf('d1'))).not.toHaveProperty('caused');
    await fixture.say(patched(idOf('d1'), { source: 'dora_api', change_failure: true }, fixture.clock.now()));
    expect(await fixture.deployment(idOf('d1'))).toMatchObject({ change_failure: true });
  });
});

it('is what is judged when somebody asks, and the same in whatever order everything arrives', async () => {
  const team = { service: 'search', team: 'payments' };
  const events = (): (() => Promise<unknown>)[] => [
    ...threeEvents('Q1', at('PCHECK')).map((body) => () => send(body)),
    () => send(told('Q2', 'incident.triggered', 20, { ...here, created_at: minute(20) })),
    () => send(told('Q3', 'incident.triggered', 30, { service: at('PCART'), created_at: minute(30) })),
    () => deploy('d1', -30),
    () => deploy('d2', -2),
    () => deploy('d3', 6),
    () => deploy('d4', 15, { status: 'failed' }),
    () => deploy('d5', 28, { service: 'cart', version: 'v9' }),
    () => deploy('d6', 25, team),
    // The same as d2, as another source tells it.
    () => deploy('e2', -1, { source: 'github', version: 'd2' }),
  ];
  const run = async (order: readonly number[]) => {
    await begin();
    const all = events();
    for (const index of order) await all[index]?.();
    await settle();
    await settle(6 * 60_000);
    const early = await both();
    await settle(25 * hourMs);
    const late = await both();
    for (const { recorded, judged } of [early, late]) expect(recorded).toEqual(judged);
    return Object.values(late.judged.failures);
  };
  const straight = events().map((_, index) => index);
  const expected = await run(straight);
  expect(expected.filter(([failure]) => failure === true)).toHaveLength(3);
  // Which of two sources counts depends on who told first, and with it the id; what is counted does not.
  const sorted = (all: readonly unknown[]) => all.map((each) => JSON.stringify(each)).sort();
  const orders = fc.shuffledSubarray(straight, { minLength: straight.length });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => expect(sorted(await run(order))).toEqual(sorted(expected))),
    { numRuns: 4 },
  );
});
