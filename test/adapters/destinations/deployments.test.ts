import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { type EventPayload, renderEvent } from '../../../lib/adapters/destinations/event-payload.ts';
import { formatNamed, formats } from '../../../lib/adapters/destinations/formats/formats.ts';
import { orderDeploymentEvent } from '../../../lib/domain/deployment/deployment-event.ts';
import { deploymentEventJsonSchema } from '../../../lib/domain/deployment/deployment-event-schema.ts';
import { startServer } from '../outgoing-http/local-server.ts';
import { bare, changed, finished, rolledBack } from './deployment-events.ts';
import { destinationOf, payloadOf } from './fake-context.ts';
import { expectGolden } from './golden.ts';
import { triggered } from './incident-events.ts';

const samples = { finished, changed, rolledBack, bare };
const everything = ['deployment.*'];

describe.each(formats.map(({ name }) => name))('a deployment in the format %s', (name) => {
  it.each(Object.entries(samples))('never changes a byte of %s', (sample, event) => {
    const rendering = renderEvent(event, formatNamed(name), everything);
    const golden = `${name}.deployment-${sample}`;
    if ('skip' in rendering) return expectGolden(golden, `skipped: ${rendering.skip}\n`);
    const { body, ...rest } = rendering.payload as EventPayload;
    expectGolden(golden, `${JSON.stringify(rest, null, 2)}\n\n${body}\n`);
  });
});

it.each(Object.entries(samples))('is what the published JSON Schema describes: %s', (_, event) => {
  const validate = addFormats(new Ajv2020({ strict: false })).compile(deploymentEventJsonSchema() as object);
  const [body] = [formatNamed('event').write(event)].map((each) => ('body' in each ? each.body : ''));
  expect([validate(JSON.parse(body ?? '')), validate.errors]).toEqual([true, null]);
});

describe('CDEvents of deployments', () => {
  /** https://github.com/cdevents/spec, v0.5.1: service deployed and rolledback. */
  const schema = (type: string) => ({
    type: 'object',
    required: ['context', 'subject'],
    additionalProperties: false,
    properties: {
      context: { type: 'object', properties: { type: { const: type }, specversion: { const: '0.5.1' } } },
      subject: {
        type: 'object',
        required: ['id', 'content'],
        properties: {
          id: { type: 'string', minLength: 1 },
          content: {
            type: 'object',
            required: ['environment', 'artifactId'],
            additionalProperties: false,
            properties: {
              environment: { type: 'object', required: ['id'] },
              artifactId: { type: 'string', pattern: '^pkg:[a-z]+/.+@.+$' },
            },
          },
        },
      },
      customData: { type: 'object' },
    },
  });
  const unversioned = orderDeploymentEvent({
    ...finished,
    deployment: { id: 'x', status: 'succeeded', kind: 'standard', sources: ['gitlab'] },
  });

  it.each([
    ['deployed', finished, 'pkg:github/acme/checkout@66adc9350f2cc9b250b69abddab733dd55e1a588'],
    ['rolledback', rolledBack, 'pkg:github/acme/checkout@66adc9350f2cc9b250b69abddab733dd55e1a588'],
    [
      'deployed',
      orderDeploymentEvent({ ...unversioned, deployment: { ...unversioned.deployment, version: '1 b' } }),
      'pkg:generic/checkout-api@1%20b',
    ],
  ])('are service.%s, and name the artifact as a package URL', (predicate, event, artifact) => {
    const written = formatNamed('cdevents').write(event);
    if ('skip' in written) throw new Error(written.skip);
    const { data } = JSON.parse(written.body);
    const validate = new Ajv({ strict: false }).compile(schema(`dev.cdevents.service.${predicate}.0.3.0`));
    expect([validate(data), validate.errors]).toEqual([true, null]);
    expect(data.subject).toEqual({
      id: 'checkout-api',
      content: { environment: { id: 'prod' }, artifactId: artifact },
    });
  });

  it.each([
    [changed, 'no_cdevents_counterpart: deployment.changed'],
    [bare, 'no_cdevents_counterpart: the deployment failed'],
    [
      unversioned,
      'no_cdevents_counterpart: deployed needs an artifact, and neither version nor commit is known',
    ],
  ])('leave out what has no counterpart', (event, skip) => {
    expect(formatNamed('cdevents').write(event)).toEqual({ skip });
  });
});

describe('a destination', () => {
  const takes = (yaml: string) => destinationOf(`{ name: d, ${yaml} }`).takes;
  const hook = 'type: webhook, url: "http://127.0.0.1:9/"';
  const datadog = 'type: datadog, api_key: "env:KEY"';

  it.each([
    [hook, false, true],
    [`${hook}, events: [deployment.finished]`, true, false],
    [`${hook}, events: [incident.resolved, "deployment.*"]`, true, true],
    ['type: console, events: ["incident.*"]', false, true],
    ['type: sns, topic_arn: "arn:aws:sns:eu-central-1:1:x", events: ["deployment.*"]', true, false],
    [datadog, false, true],
    [`${datadog}, report: [deployments]`, true, false],
    [`${datadog}, report: [failures, deployments]`, true, true],
    [`${datadog}, report: [events]`, false, false],
    [`${datadog}, report: [change_failures], application_key: "env:APP"`, true, false],
    ['type: pagerduty_change, routing_key: "env:KEY"', true, false],
  ])('with %s takes deployments: %s, incidents: %s', (yaml, deployments, incidents) => {
    expect(takes(yaml)).toEqual({ deployments, incidents });
  });

  it('sends the types that its events name, and nothing else', () => {
    const destination = destinationOf(`{ name: d, ${hook}, events: ["deployment.finished", "incident.*"] }`);
    expect(destination.render(finished, undefined)).toHaveProperty('payload');
    expect(destination.render(triggered, undefined)).toHaveProperty('payload');
    expect(destination.render(changed, undefined)).toEqual({ skip: 'filtered' });
  });
});

describe('a deployment at Datadog', () => {
  const datadog = destinationOf(
    '{ name: d, type: datadog, report: [deployments], tags: ["a:b"], api_key: "env:API", application_key: "env:APP" }',
  );
  const without = destinationOf('{ name: d, type: datadog, report: [deployments], api_key: "env:API" }');
  const requests = (event: typeof finished, memory?: Record<string, unknown>) =>
    payloadOf(datadog, event, memory)['requests'] as { method: string; path: string; body?: string }[];
  const sent = (event: typeof finished) => {
    const rendering = datadog.render(event, undefined);
    return 'skip' in rendering ? undefined : rendering.memoryAfter;
  };
  const gone = (facts: object) =>
    orderDeploymentEvent({ ...finished, deployment: { ...finished.deployment, ...facts } });

  it.each(Object.entries({ finished, rolledBack }))('never changes a byte of %s', (sample, event) => {
    expectGolden(`datadog.deployment-${sample}`, `${JSON.stringify(requests(event), null, 2)}\n`);
  });

  it('is told under our id, exact to the nanosecond, with a tag where its start is not known', () => {
    const { started_at: _start, ...unknown } = finished;
    const [request] = requests(unknown);
    expect(request).toMatchObject({ method: 'POST', path: '/api/v2/dora/deployment' });
    expect(request?.body).toContain('"started_at":1772445900120000000,"finished_at":1772445900120000000');
    expect(request?.body).toContain('"inferred:started_at"');
    expect(request?.body).toContain('"id":"build:2187-production"');
  });

  it('is told anew only when it is another picture', () => {
    expect(datadog.render(changed, sent(finished))).toEqual({ skip: 'unchanged' });
    const other = orderDeploymentEvent({ ...changed, team: 'others' });
    expect(datadog.render(other, sent(finished))).toHaveProperty('payload');
  });

  it.each([
    [{ status: 'failed' }, 'deployment_failed'],
    [{ deleted: true }, 'deployment_deleted'],
    [{ same_as: 'x' }, 'same_as: x'],
  ])('is none that has %s: not told, or deleted', (facts, reason) => {
    expect(datadog.render(gone(facts), undefined)).toEqual({ skip: reason });
    const deletion = { method: 'DELETE', path: '/api/v2/dora/deployment/build:2187-production' };
    expect(requests(gone(facts), sent(finished))).toEqual([deletion]);
    expect(datadog.render(gone(facts), { deleted: true })).toEqual({ skip: 'unchanged' });
    expect(without.render(gone(facts), sent(finished))).toEqual({
      skip: `${reason}: deleting it needs an application_key`,
    });
  });
});

describe('a PagerDuty change event', () => {
  const key = 'CANARY'.repeat(5);
  const made = (rest = '') =>
    destinationOf(`{ name: d, type: pagerduty_change, routing_key: "env:KEY", ${rest} }`, {
      secrets: { 'env:KEY': [key] },
    });

  it.each(Object.entries({ finished, rolledBack, bare }))('never changes a byte of %s', (sample, event) => {
    expectGolden(
      `pagerduty_change.deployment-${sample}`,
      `${JSON.stringify(payloadOf(made(), event), null, 2)}\n`,
    );
  });

  it('is sent of a deployment that is over, and of nothing else', () => {
    for (const event of [changed, triggered])
      expect(made().render(event, undefined)).toEqual({ skip: 'filtered' });
    expect(made('events: ["deployment.changed"]').render(changed, undefined)).toEqual({ skip: 'filtered' });
  });

  it.each<[number, object]>([
    [202, { outcome: 'delivered', statusCode: 202 }],
    [400, { outcome: 'refused', statusCode: 400 }],
    [429, { outcome: 'retry', statusCode: 429 }],
  ])('that is answered %i', async (status, outcome) => {
    const server = await startServer((answer) => answer.writeHead(status).end(`what is ${key}?`));
    try {
      const destination = made(`base_url: "${server.url}"`);
      const result = await destination.send(payloadOf(destination, finished), 0);
      expect(result).toMatchObject(outcome);
      expect(JSON.stringify(result)).not.toContain(key);
      const [request] = server.received;
      expect(request).toMatchObject({ method: 'POST', path: '/v2/change/enqueue' });
      expect(JSON.parse(request?.body ?? '')).toEqual({
        routing_key: key,
        payload: expect.objectContaining({
          summary: 'checkout-api 1.4.0 deployed to prod',
          timestamp: '2026-03-02T10:05:00.120Z',
          source: 'pagerduty-catalog-bridge',
        }),
        links: [expect.objectContaining({ text: expect.stringContaining('github.com/acme/checkout') })],
      });
    } finally {
      await server.stop();
    }
  });
});
