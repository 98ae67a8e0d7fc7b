import fc from 'fast-check';
import { parseWebhook } from '../../../lib/domain/pagerduty/webhook.ts';
import { sampleEvent, sampleTypes } from '../../support/webhooks.ts';

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

const event = (changes: object = {}, data: unknown = { type: 'incident', id: 'Q1' }) => ({
  event: {
    id: '01KJQ7S4M0',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: '2026-03-02T09:58:41.132Z',
    agent: null,
    client: null,
    data,
    ...changes,
  },
});

const subjectOf = (body: unknown) => {
  const parsed = parseWebhook(bytes(body));
  return parsed.kind === 'event' ? parsed.envelope.subject : parsed;
};

describe('the samples', () => {
  it.each(sampleTypes.filter((type) => type !== 'pagey.ping'))('%s is readable and finds its log', (type) => {
    const parsed = parseWebhook(bytes(sampleEvent(type)));
    const subject = type.startsWith('service.') ? 'service:PF9KMXH' : 'Q3TQ4J9VV2GQ5C';
    expect(parsed).toMatchObject({ kind: 'event', envelope: { eventType: type, subject } });
  });

  it('include a ping, which is no event', () => {
    const sample = sampleEvent('pagey.ping');
    expect(parseWebhook(bytes(sample))).toEqual({ kind: 'ping', eventId: sample.event.id });
  });
});

describe('the log an event belongs to', () => {
  const reference = { id: 'Q1', type: 'incident_reference', summary: null };
  const rows: [string, unknown, string][] = [
    ['the incident itself', { type: 'incident', id: 'Q1' }, 'Q1'],
    ['a note: not by its own id', { type: 'incident_note', id: 'PNOTE', incident: reference }, 'Q1'],
    ['data without an id', { type: 'incident_responder', incident: reference }, 'Q1'],
    [
      'a role assignment',
      { type: 'incident_role_assignment', incident_role_assignments: [{ incident: reference }] },
      'Q1',
    ],
    [
      'a role assignment whose first entry names no incident',
      { type: 'incident_role_assignment', incident_role_assignments: [null, {}, { incident: reference }] },
      'Q1',
    ],
    [
      'a workflow, although it names a service',
      { type: 'x', incident: reference, service: { id: 'PSVC' } },
      'Q1',
    ],
    ['data of a type not known yet', { type: 'incident_hologram', id: 'PHOLO', incident: reference }, 'Q1'],
    [
      'a role assignment that names none',
      { type: 'incident_role_assignment', incident_role_assignments: [{}] },
      'other:01KJQ7S4M0',
    ],
    ['a service', { type: 'service', id: 'PSVC' }, 'service:PSVC'],
    ['field values of a service', { type: 'service_field_values', service: { id: 'PSVC' } }, 'service:PSVC'],
    [
      'an incident of a type not known yet, by its own address',
      {
        type: 'incident_v2',
        id: 'Q9',
        self: 'https://api.pagerduty.com/incidents/Q9',
        service: { id: 'PSVC' },
      },
      'Q9',
    ],
    [
      'a type not known yet whose address is no incident',
      { type: 'incident_v2', id: 'Q9', self: 'https://api.pagerduty.com/notes/Q9', status: 'triggered' },
      'other:01KJQ7S4M0',
    ],
    ['neither', { type: 'schedule', id: 'PSCHED' }, 'other:01KJQ7S4M0'],
    ['an incident without an id', { type: 'incident' }, 'other:01KJQ7S4M0'],
    ['no data', null, 'other:01KJQ7S4M0'],
    ['data that is text', 'incident', 'other:01KJQ7S4M0'],
    ['a numeric id', { type: 'incident', id: 4711 }, '4711'],
    ['a numeric id too large to be sure of', { type: 'incident', id: 2 ** 60 }, 'other:01KJQ7S4M0'],
  ];
  it.each(rows)('is that of %s', (_what, data, expected) => {
    const type = expected.startsWith('service:') ? 'service.updated' : 'incident.triggered';
    expect(subjectOf(event({ event_type: type }, data))).toBe(expected);
  });

  it('is its own if it should be about an incident and names none, whatever service it names', () => {
    const data = { type: 'incident_hologram', id: 'PHOLO', service: { id: 'PSVC' } };
    expect(subjectOf(event({ event_type: 'incident.something_new' }, data))).toBe('other:01KJQ7S4M0');
    expect(subjectOf(event({ event_type: 'service.something_new' }, data))).toBe('service:PSVC');
  });

  it('has a name that fits a key, however long or odd the id is', () => {
    for (const id of ['Q'.repeat(5000), 'Käse', 'with space']) {
      expect(subjectOf(event({}, { type: 'incident', id }))).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
    expect(subjectOf(event({ event_type: 'service.created' }, { type: 'service', id: '支' }))).toMatch(
      /^service:sha256:[0-9a-f]{64}$/,
    );
  });
});

describe('the envelope', () => {
  it('is what the body says', () => {
    const body = event({ occurred_at: '2026-03-02T10:58:41.132417+01:00' });
    expect(parseWebhook(bytes(body))).toEqual({
      kind: 'event',
      envelope: {
        eventId: '01KJQ7S4M0',
        eventType: 'incident.triggered',
        occurredAtMs: Date.UTC(2026, 2, 2, 9, 58, 41, 132),
        subject: 'Q1',
      },
      text: JSON.stringify(body),
    });
  });

  const ids: [unknown, string][] = [
    ['01KJQ7S4M0BRDGSAMPLE0000MC', '01KJQ7S4M0BRDGSAMPLE0000MC'],
    ['5ac64822-4adc-4fda-ade0-410becf0de4f', '5ac64822-4adc-4fda-ade0-410becf0de4f'],
    ['92233720368547758079223372036854775807', '92233720368547758079223372036854775807'],
    [4711, '4711'],
    [0, '0'],
    ['\ud83d', '\ufffd'],
  ];
  it.each(ids)('takes the event id %j', (id, expected) => {
    expect(parseWebhook(bytes(event({ id })))).toMatchObject({
      kind: 'event',
      envelope: { eventId: expected },
    });
  });

  it('takes an event type that nobody has heard of', () => {
    const parsed = parseWebhook(bytes(event({ event_type: 'incident.teleported' })));
    expect(parsed).toMatchObject({ kind: 'event', envelope: { eventType: 'incident.teleported' } });
  });

  it('takes a ping without time or data', () => {
    expect(parseWebhook(bytes({ event: { id: 'x', event_type: 'pagey.ping' } }))).toEqual({
      kind: 'ping',
      eventId: 'x',
    });
  });

  it('takes a body with a byte order mark, with keys it does not know, and with __proto__', () => {
    const text = JSON.stringify({ ...event(), more: 1 }).replace('"agent":null', '"__proto__":{"id":"y"}');
    expect(parseWebhook(bytes(`\ufeff${text}`))).toMatchObject({
      kind: 'event',
      envelope: { eventId: '01KJQ7S4M0' },
    });
  });
});

describe('an unreadable body', () => {
  const rows: [string, Uint8Array, RegExp][] = [
    ['nothing', new Uint8Array(), /not JSON/],
    ['text', bytes('hello'), /not JSON/],
    ['half of a document', bytes('{"event":{"id":'), /not JSON/],
    [
      'bytes that are not UTF-8',
      Uint8Array.from([...bytes('{"a":"'), 0xff, 0xfe, ...bytes('"}')]),
      /not valid UTF-8/,
    ],
    [
      'a surrogate encoded as if it were a character',
      Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
      /not valid UTF-8/,
    ],
    ['null', bytes('null'), /body is missing/],
    ['a list', bytes([event()]), /body is missing|event is missing/],
    ['another document', bytes({ hello: 'world' }), /event is missing/],
    ['a v2 webhook', bytes({ messages: [{ event: 'incident.trigger' }] }), /event is missing/],
    ['no event id', bytes(event({ id: undefined })), /event\.id/],
    ['an empty event id', bytes(event({ id: '' })), /event\.id/],
    ['an event id too large to be sure of', bytes(event({ id: 2 ** 53 })), /event\.id/],
    ['an event id with a fraction', bytes(event({ id: 1.5 })), /event\.id/],
    ['no event type', bytes(event({ event_type: null })), /event\.event_type/],
    ['no time', bytes(event({ occurred_at: undefined })), /event\.occurred_at/],
    ['a time without an offset', bytes(event({ occurred_at: '2026-03-02T09:58:41' })), /event\.occurred_at/],
    ['a time as a number', bytes(event({ occurred_at: 1772445521 })), /event\.occurred_at/],
  ];
  it.each(rows)('is %s', (_what, body, reason) => {
    const parsed = parseWebhook(body);
    expect(parsed).toEqual({ kind: 'unreadable', reason: expect.stringMatching(reason) });
  });

  it('is told from a readable one without ever throwing', () => {
    fc.assert(fc.property(fc.uint8Array(), (body) => parseWebhook(body).kind === 'unreadable'));
    fc.assert(
      fc.property(fc.json(), (json) =>
        ['unreadable', 'event', 'ping'].includes(parseWebhook(bytes(json)).kind),
      ),
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        fc.jsonValue(),
        (id, event_type, occurred_at, data) => {
          parseWebhook(bytes({ event: { id, event_type, occurred_at, data } }));
          expect(parseWebhook(bytes(event({}, data)))).toMatchObject({ kind: 'event' });
        },
      ),
    );
  });
});
