import { readdirSync, readFileSync } from 'node:fs';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { type EventPayload, renderEvent } from '../../../lib/adapters/destinations/event-payload.ts';
import { formatNamed, formats } from '../../../lib/adapters/destinations/formats/formats.ts';
import { incidentEventJsonSchema } from '../../../lib/domain/incident/incident-event-schema.ts';
import { expectGolden } from './golden.ts';
import { acknowledged, changed, samples, sparse, triggered } from './incident-events.ts';

const names = formats.map(({ name }) => name);
const written = (name: string, event: keyof typeof samples | typeof triggered) => {
  const rendering = renderEvent(
    typeof event === 'string' ? samples[event] : event,
    formatNamed(name),
    undefined,
  );
  if ('skip' in rendering) throw new Error(rendering.skip);
  return rendering.payload as EventPayload;
};

it.each(readdirSync('lib/adapters/destinations/formats'))(
  'a format in the file %s is in the list',
  async (file) => {
    const module: object = await import(`../../../lib/adapters/destinations/formats/${file}`);
    const inFile = Object.values(module).filter((value) => typeof value?.write === 'function');
    expect(formats).toEqual(expect.arrayContaining(inFile));
  },
);

describe.each(names)('the format %s', (name) => {
  it.each(Object.entries(samples))('never changes a byte of %s', (sample, event) => {
    const rendering = renderEvent(event, formatNamed(name), undefined);
    if ('skip' in rendering) return expectGolden(`${name}.${sample}`, `skipped: ${rendering.skip}\n`);
    const { body, ...rest } = rendering.payload as EventPayload;
    expectGolden(`${name}.${sample}`, `${JSON.stringify(rest, null, 2)}\n\n${body}\n`);
  });

  it('gives the same bytes in whatever order the database returns the keys', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(samples)), fc.infiniteStream(fc.nat()), (event, dice) => {
        const rendering = renderEvent(event, formatNamed(name), undefined);
        expect(renderEvent(shuffled(event, dice), formatNamed(name), undefined)).toEqual(rendering);
      }),
    );
  });
});

/** A copy whose maps, at every depth, have their keys in another order. */
function shuffled<T>(value: T, dice: Iterator<number>): T {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, dice)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const drawn = Object.entries(value).map((entry) => ({ entry, die: Number(dice.next().value) }));
  const entries = drawn
    .toSorted((a, b) => a.die - b.die)
    .map(({ entry: [key, inner] }) => [key, shuffled(inner, dice)]);
  return Object.fromEntries(entries);
}

describe('the event format', () => {
  it.each(Object.entries(samples))('is what the published JSON Schema describes: %s', (_, event) => {
    const validate = addFormats(new Ajv2020({ strict: false })).compile(incidentEventJsonSchema() as object);
    expect([validate(JSON.parse(written('event', event).body)), validate.errors]).toEqual([true, null]);
  });
});

describe('CloudEvents', () => {
  it('have the attributes that are required, and the incident event as data', () => {
    const { body, contentType } = written('cloudevents', 'triggered');
    expect(contentType).toBe('application/cloudevents+json');
    expect(JSON.parse(body)).toEqual({
      specversion: '1.0',
      id: triggered.id,
      source: 'https://acme.pagerduty.com',
      type: 'com.pagerduty.incident.triggered',
      subject: 'Q2CKYRLH85UNN4',
      time: '2026-03-02T09:58:41.123Z',
      datacontenttype: 'application/json',
      data: triggered,
    });
  });

  it.each<[string, object, object, string]>([
    ['the incident', { url: 'https://a.eu.pagerduty.com/incidents/Q1' }, {}, 'https://a.eu.pagerduty.com'],
    [
      'the service, if the incident has no URL',
      { url: 'nonsense' },
      { url: 'https://b.pagerduty.com/services/P1' },
      'https://b.pagerduty.com',
    ],
    ['nothing', { url: 'x:y' }, {}, 'urn:pagerduty'],
  ])('name the account that %s tells as their source', (_, incident, service, source) => {
    const event = changed(triggered, {
      incident,
      pagerduty: { service: { id: 'P1', ...service }, teams: [] },
    });
    expect(JSON.parse(written('cloudevents', event).body).source).toBe(source);
  });

  it('of what was reported say by whom, and do not pass for PagerDuty’s', () => {
    expect(JSON.parse(written('cloudevents', 'reported').body)).toMatchObject({
      source: 'urn:pdbridge:dora_api',
      type: 'dev.pdbridge.incident.resolved',
      subject: 'dora:INC-000000000042',
    });
  });

  it('put attributes into headers in binary mode, percent-encoded where HTTP needs it', () => {
    const { headers } = written('cloudevents-binary', changed(sparse, { id: 'a b%c"d\né☃' }));
    expect(headers).toEqual({
      'ce-specversion': '1.0',
      'ce-id': 'a%20b%25c%22d%0A%C3%A9%E2%98%83',
      'ce-source': 'urn:pagerduty',
      'ce-type': 'com.pagerduty.incident.triggered',
      'ce-subject': 'PT4KHLK',
      'ce-time': '2026-03-02T09:58:41.000Z',
    });
  });
});

describe('CDEvents', () => {
  const identifier = {
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: { id: { type: 'string', minLength: 1 }, source: { type: 'string', format: 'uri-reference' } },
  };
  /** The rules of https://github.com/cdevents/spec, v0.5.1, incident events. */
  const schema = (type: string, requiredContent: string[]) => ({
    type: 'object',
    required: ['context', 'subject'],
    additionalProperties: false,
    properties: {
      context: {
        type: 'object',
        required: ['specversion', 'id', 'source', 'type', 'timestamp'],
        additionalProperties: false,
        properties: {
          specversion: { const: '0.5.1' },
          id: { type: 'string', minLength: 1 },
          source: { type: 'string', minLength: 1, format: 'uri-reference' },
          type: { const: type },
          timestamp: { type: 'string', format: 'date-time' },
        },
      },
      subject: {
        type: 'object',
        required: ['id', 'content'],
        additionalProperties: false,
        properties: {
          id: { type: 'string', minLength: 1 },
          content: {
            type: 'object',
            required: requiredContent,
            additionalProperties: false,
            properties: {
              description: { type: 'string' },
              environment: identifier,
              service: identifier,
              ticketURI: { type: 'string', format: 'uri' },
            },
          },
        },
      },
      customData: { type: 'object' },
    },
  });

  it.each<[keyof typeof samples, string, string[]]>([
    ['triggered', 'dev.cdevents.incident.detected.0.3.0', ['environment']],
    ['reopened', 'dev.cdevents.incident.detected.0.3.0', ['environment']],
    ['sparse', 'dev.cdevents.incident.detected.0.3.0', ['environment']],
    ['acknowledged', 'dev.cdevents.incident.reported.0.3.0', ['environment', 'ticketURI']],
    ['resolved', 'dev.cdevents.incident.resolved.0.3.0', ['environment']],
    ['merged', 'dev.cdevents.incident.resolved.0.3.0', ['environment']],
    ['reported', 'dev.cdevents.incident.resolved.0.3.0', ['environment']],
  ])(
    'of %s is %s, keeps the rules of the schema and is carried in a CloudEvent',
    (sample, type, required) => {
      const cloudEvent = JSON.parse(written('cdevents', sample).body);
      const validate = addFormats(new Ajv({ strict: false })).compile(schema(type, required));
      expect([validate(cloudEvent.data), validate.errors]).toEqual([true, null]);
      const { data, ...envelope } = cloudEvent;
      expect(envelope).toEqual({
        specversion: '1.0',
        id: data.context.id,
        source: data.context.source,
        type,
        subject: data.subject.id,
        time: data.context.timestamp,
        datacontenttype: 'application/json',
      });
      expect(data.customData).toEqual(samples[sample]);
    },
  );

  it.each([
    'incident.annotated',
    'incident.deleted',
    'incident.updated',
    'incident.escalated',
    'incident.unacknowledged',
    'incident.teleported',
  ])('have no counterpart of %s, which is the reason to skip it', (type) => {
    expect(renderEvent(changed(triggered, { type }), formatNamed('cdevents'), undefined)).toEqual({
      skip: `no_cdevents_counterpart: ${type}`,
    });
  });

  it('have no counterpart of a resolve by merging: the incident went on as another one', () => {
    const told = { ...samples.merged, source: 'pagerduty' };
    expect(formatNamed('cdevents').write(told)).toEqual({
      skip: 'no_cdevents_counterpart: merged into another incident',
    });
  });

  it('carry the active time and what was inferred, beside start and end', () => {
    const incident = { time_to_restore_seconds: 2400, reopen_count: 1, inferred: ['acknowledged_at'] };
    const event = changed(samples.resolved, { source: 'pagerduty', incident });
    expect(JSON.parse(written('cdevents', event).body).data.customData.incident).toMatchObject(incident);
  });

  it.each([
    ['incident.annotated', {}],
    ['incident.acknowledged', { url: 'nonsense' }],
    ['incident.resolved', { merged_into: 'Q0THER00000001' }],
  ])('skip %s with a reason that is documented word for word', (type, incident) => {
    const event = changed(triggered, { type, source: 'pagerduty', incident });
    const { skip } = formatNamed('cdevents').write(event) as { skip: string };
    expect(readFileSync('docs/errors.md', 'utf8')).toContain(`| \`${skip.replace(type, '<event type>')}\` |`);
  });

  it('skip a report without the ticket it must point to', () => {
    const event = changed(acknowledged, { incident: { url: 'nonsense' } });
    expect(formatNamed('cdevents').write(event)).toEqual({ skip: expect.stringContaining('needs a ticket') });
  });

  it('name a service only if it is the one', () => {
    const serviceOf = (services: string[]) =>
      JSON.parse(written('cdevents', changed(triggered, { services })).body).data.subject.content.service;
    expect(serviceOf(['checkout-api'])).toEqual({ id: 'checkout-api' });
    expect(serviceOf(['checkout-api', 'cart'])).toBeUndefined();
  });
});

it('a format that does not exist is an error that names it', () => {
  expect(() => formatNamed('xml')).toThrow('no format is called "xml"');
});
