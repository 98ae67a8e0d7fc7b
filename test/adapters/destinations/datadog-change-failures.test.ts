import {
  type DeploymentEvent,
  orderDeploymentEvent,
} from '../../../lib/domain/deployment/deployment-event.ts';
import type { Memory, SendResult } from '../../../lib/domain/destination/destination.ts';
import { type LocalServer, startServer } from '../outgoing-http/local-server.ts';
import { keys } from './datadog-fixture.ts';
import { changed, finished } from './deployment-events.ts';
import { destinationOf } from './fake-context.ts';

interface Kept {
  id: string;
  attributes: Record<string, unknown>;
}

/** Datadog, as far as deployments go: lists what it knows, and takes marks. */
let known: Kept[];
let server: LocalServer;
beforeEach(async () => {
  known = [];
  server = await startServer((answer, { method, path, body }) => {
    if (method === 'POST' && path === '/api/v2/dora/deployments')
      return void answer.writeHead(200).end(JSON.stringify({ data: known }));
    if (method === 'PATCH') {
      const { data } = JSON.parse(body);
      const found = known.find(({ id }) => path === `/api/v2/dora/deployments/${encodeURIComponent(id)}`);
      if (!found) return void answer.writeHead(404).end('{"errors":["Not Found"]}');
      const { change_failure, remediation = found.attributes['remediation'] } = data.attributes;
      // What is stable was put right by nothing; what is left out stays as it was.
      found.attributes = {
        ...found.attributes,
        change_failure,
        remediation: change_failure ? remediation : undefined,
      };
      return void answer.writeHead(202).end('{"data":null}');
    }
    const { attributes } = JSON.parse(body).data;
    const at = (ns: number) => new Date(ns / 1e6).toISOString();
    const times = { started_at: at(attributes.started_at), finished_at: at(attributes.finished_at) };
    known = known.filter(({ id }) => id !== attributes.id);
    known.push({ id: attributes.id, attributes: { ...attributes, ...times } });
    answer.writeHead(200).end('{"data":{"id":"x","type":"dora_deployment"}}');
  });
});
afterEach(() => server.stop());

const datadog = (report: string) =>
  destinationOf(
    `{ name: d, type: datadog, report: [${report}], api_key: "env:API", application_key: "env:APP", base_url: "${server.url}" }`,
    keys,
  );
const as = (deployment: Partial<DeploymentEvent['deployment']>): DeploymentEvent =>
  orderDeploymentEvent({ ...finished, deployment: { ...finished.deployment, ...deployment } });
const blamed = as({ change_failure: true });
const stable = as({ change_failure: false });
const atMs = Date.parse('2026-03-02T12:00:00Z');

/** Sends them one after the other, as deliveries do, and says what came of each. */
async function send(report: string, ...events: DeploymentEvent[]): Promise<(string | SendResult)[]> {
  const destination = datadog(report);
  const results: (string | SendResult)[] = [];
  let memory: Memory | undefined;
  for (const event of events) {
    const rendering = destination.render(event, memory);
    if ('skip' in rendering) {
      results.push(rendering.skip);
      continue;
    }
    memory = rendering.memory;
    const result = await destination.send(JSON.parse(JSON.stringify(rendering.payload)), atMs);
    if (result.outcome === 'delivered') memory = rendering.memoryAfter;
    results.push(result.outcome === 'delivered' ? 'delivered' : result);
  }
  return results;
}

/** One that somebody else has told Datadog of. */
const others = (id: string, finishedAt: string, attributes: Record<string, unknown> = {}): Kept => ({
  id,
  attributes: {
    service: 'checkout-api',
    env: 'prod',
    started_at: finishedAt,
    finished_at: finishedAt,
    ...attributes,
  },
});
const marks = () =>
  known.map(({ id, attributes }) => [id, attributes['change_failure'], attributes['remediation']]);

describe('a change failure at Datadog', () => {
  it('is true while an incident is laid to it, again with what put it right, and false when the last goes', async () => {
    expect(await send('deployments, change_failures', finished, blamed)).toEqual(['delivered', 'delivered']);
    expect(marks()).toEqual([['build:2187-production', true, undefined]]);
    known = [];
    const results = await send(
      'deployments, change_failures',
      finished,
      blamed,
      blamed,
      changed,
      stable,
      stable,
    );
    expect(results).toEqual(['delivered', 'delivered', 'unchanged', 'delivered', 'delivered', 'unchanged']);
    expect(marks()).toEqual([['build:2187-production', false, undefined]]);
    const patches = server.received.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ body }) => JSON.parse(body).data)).toEqual(
      [
        { change_failure: true },
        { change_failure: true },
        { change_failure: true, remediation: { id: 'build:2188-production', type: 'rollback' } },
        { change_failure: false },
      ].map((attributes) => ({
        id: 'build:2187-production',
        type: 'dora_deployment_patch_request',
        attributes,
      })),
    );
    for (const { headers } of patches) expect(headers).toHaveProperty('dd-application-key');
  });

  it('is never said to be none of a deployment that was not marked: Datadog judges for itself', async () => {
    expect(await send('deployments, change_failures', finished, stable)).toEqual(['delivered', 'unchanged']);
    expect(await send('change_failures', finished, stable)).toEqual(['unchanged', 'unchanged']);
  });

  it('is found by service, env and time where others told Datadog of the deployment', async () => {
    known = [
      others('aaa', '2026-03-02T09:00:00Z'),
      others('bbb', '2026-03-02T10:05:00Z', { version: '1.4.0' }),
      others('ccc', '2026-03-02T10:05:00Z', { version: '1.3.9' }),
    ];
    const mended = as({
      change_failure: true,
      remediation: { id: 'build:2188-production', type: 'rollback', version: '1.3.9' },
    });
    expect(await send('change_failures', finished, blamed, mended)).toEqual([
      'unchanged',
      'delivered',
      'delivered',
    ]);
    expect(marks()).toEqual([
      ['aaa', undefined, undefined],
      ['bbb', true, { version: '1.3.9', type: 'rollback' }],
      ['ccc', undefined, undefined],
    ]);
    const list = server.received.find(({ path }) => path === '/api/v2/dora/deployments');
    expect(JSON.parse(list?.body ?? '{}')).toMatchObject({
      data: {
        type: 'dora_deployments_list_request',
        attributes: { query: 'service:checkout-api env:prod', from: '2026-02-23T10:00:00.250Z' },
      },
    });
    expect(list?.headers).toHaveProperty('dd-application-key');
  });

  it('is left out where Datadog shows no such deployment an hour later, and tried again before', async () => {
    expect(await send('change_failures', blamed)).toEqual([
      { outcome: 'skipped', reason: 'unknown_at_datadog' },
    ]);
    const late = orderDeploymentEvent({ ...blamed, finished_at: '2026-03-02T11:30:00.000Z' });
    expect(await send('change_failures', late)).toMatchObject([{ outcome: 'retry', retryAfterMs: 600_000 }]);
  });

  it('is not marked where Datadog has blamed an earlier one that was put right after it', async () => {
    known = [
      others('v0', '2026-03-02T07:00:00Z', { version: '0' }),
      others('v1', '2026-03-02T08:00:00Z', { version: '1' }),
      others('v2', '2026-03-02T09:00:00Z', {
        version: '2',
        change_failure: true,
        remediation: { id: 'v1 again', type: 'rollback' },
      }),
      others('v3', '2026-03-02T10:05:00Z'),
      others('v1 again', '2026-03-02T10:30:00Z', { version: '1' }),
    ];
    const skipped = [{ outcome: 'skipped', reason: 'blamed_instead: v2' }];
    expect(await send('change_failures', blamed)).toEqual(skipped);
    // It may be a mark from here that is just being taken off: a few minutes later it is looked at again.
    const justNow = orderDeploymentEvent({ ...blamed, occurred_at: '2026-03-02T11:55:00.000Z' });
    expect(await send('change_failures', justNow)).toMatchObject([
      { outcome: 'retry', retryAfterMs: 600_000 },
    ]);
    // Put right before this one began: that was another failure.
    known[4] = others('v1 again', '2026-03-02T09:30:00Z', { version: '1' });
    expect(await send('change_failures', blamed)).toEqual(['delivered']);
    expect(marks()[3]).toEqual(['v3', true, undefined]);
  });

  it.each([
    ['another version', { version: '1' }, { version: '4' }],
    [
      'another commit',
      { version: '1', git: { commit_sha: 'a' } },
      { version: '1', git: { commit_sha: 'b' } },
    ],
    ['who knows what', {}, {}],
  ])(
    'is marked beside an earlier one that was put right by %s than what ran before it',
    async (_what, before, after) => {
      known = [
        others('v1', '2026-03-02T08:00:00Z', before),
        others('v2', '2026-03-02T09:00:00Z', {
          change_failure: true,
          remediation: { id: 'v4', type: 'rollforward' },
        }),
        others('v3', '2026-03-02T10:05:00Z'),
        others('v4', '2026-03-02T10:30:00Z', after),
      ];
      expect(await send('change_failures', blamed)).toEqual(['delivered']);
      expect(marks()[2]).toEqual(['v3', true, undefined]);
    },
  );

  it('names nothing any more that has put it right, once that is none of it', async () => {
    const results = await send('deployments, change_failures', finished, changed, blamed, blamed);
    expect(results).toEqual(['delivered', 'delivered', 'delivered', 'unchanged']);
    expect(marks()).toEqual([['build:2187-production', true, undefined]]);
    // Nor where nobody knows whether it was told.
    const rendering = datadog('change_failures').render(blamed, { marked: true, mark: '' });
    expect(rendering).toMatchObject({
      payload: {
        requests: [
          { mark: { attributes: { change_failure: false } } },
          { mark: { attributes: { change_failure: true } } },
        ],
      },
    });
  });

  it.each([
    ['taken back', as({ deleted: true, change_failure: true })],
    ['another one after all', as({ same_as: 'build:1-production-0', change_failure: true })],
    ['failed', as({ status: 'failed', change_failure: true })],
  ])('is none of a deployment that is %s', async (_what, event) => {
    known = [others('bbb', '2026-03-02T10:05:00Z')];
    expect(await send('change_failures', event)).toEqual(['unchanged']);
    expect(await send('change_failures', blamed, event)).toEqual(['delivered', 'delivered']);
    expect(marks()).toEqual([['bbb', false, undefined]]);
  });

  it('is tried again when the answer is lost, with the same request', async () => {
    const destination = datadog('change_failures');
    const rendering = destination.render(blamed, undefined);
    if ('skip' in rendering) throw new Error(rendering.skip);
    expect(await destination.send(rendering.payload, Date.parse('2026-03-02T10:06:00Z'))).toMatchObject({
      outcome: 'retry',
    });
    expect(destination.render(blamed, rendering.memory)).toMatchObject({ payload: rendering.payload });
    expect(destination.render(stable, rendering.memory)).toMatchObject({
      payload: { requests: [{ mark: { attributes: { change_failure: false } } }] },
    });
  });
});
