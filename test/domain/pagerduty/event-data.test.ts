import fc from 'fast-check';
import { eventOf, readEventData } from '../../../lib/domain/pagerduty/event-data.ts';
import { readReference, readTeams, readText } from '../../../lib/domain/pagerduty/loose.ts';
import { sampleEvent, sampleTypes } from '../../support/webhooks.ts';

describe('the data of an event', () => {
  const whole = sampleEvent('incident.triggered').event.data;

  it('is the incident itself where its type says so', () => {
    expect(readEventData(whole)).toEqual({
      snapshot: {
        number: 2187,
        title: 'Checkout latency above 2 s',
        url: 'https://acme.pagerduty.com/incidents/Q3TQ4J9VV2GQ5C',
        status: 'triggered',
        urgency: 'high',
        priority: 'P2',
        incidentType: 'incident_default',
        key: 'latency/checkout-api/eu-central-1',
        assignees: [{ id: 'PANA4RZ', name: 'Ana Ruiz' }],
        escalationPolicy: { id: 'PESCPAY', name: 'Payments primary' },
        createdAt: '2026-03-02T09:58:41.000Z',
        service: { id: 'PF9KMXH', name: 'Checkout API', url: 'https://acme.pagerduty.com/services/PF9KMXH' },
        teams: [{ id: 'PFCVPS0', name: 'Payments' }],
      },
      customFields: [],
    });
  });

  const variations: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['no created_at', { created_at: undefined }, { createdAt: undefined }],
    ['a created_at without an offset', { created_at: '2026-03-02T09:58:41' }, { createdAt: undefined }],
    ['no incident key', { incident_key: null }, {}],
    ['a conference number as a number', { conference_bridge: { conference_number: 49305550100 } }, {}],
    ['no priority', { priority: null }, { priority: null }],
    ['a priority that is not told', { priority: undefined }, { priority: undefined }],
    ['a priority without a name', { priority: { id: 'P1' } }, { priority: undefined }],
    [
      'a priority with a name instead of a summary',
      { priority: { id: 'P', name: 'P4' } },
      { priority: 'P4' },
    ],
    ['a status that is not known yet', { status: 'suppressed' }, { status: undefined }],
    ['the status triggered', { status: 'triggered' }, { status: 'triggered' }],
    ['the status acknowledged', { status: 'acknowledged' }, { status: 'acknowledged' }],
    ['the status resolved', { status: 'resolved' }, { status: 'resolved' }],
    ['no teams', { teams: [] }, { teams: [] }],
    ['teams not told', { teams: null }, { teams: undefined }],
    ['a service without a name', { service: { id: 'PX', summary: null } }, { service: { id: 'PX' } }],
    ['a service without an id', { service: { summary: 'X' } }, { service: undefined }],
    [
      "a service that gives the API's address only",
      { service: { id: 'PX', self: 'https://api.pagerduty.com/services/PX' } },
      { service: { id: 'PX' } },
    ],
    ['no incident type', { incident_type: null }, { incidentType: undefined }],
    ['a number as text', { number: '2187' }, { number: 2187 }],
    ['a number that is none', { number: 'many' }, { number: undefined }],
    ['a blank title', { title: '  ' }, { title: undefined }],
    ['a reason that is text', { resolve_reason: 'merged by hand' }, { mergedInto: undefined }],
    [
      'a merge',
      { resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'Q2' } } },
      { mergedInto: 'Q2' },
    ],
    ['a reopening', { reopened_at: '2026-03-02T11:02:14Z' }, { reopenedAt: '2026-03-02T11:02:14.000Z' }],
  ];
  it.each(variations)('is readable with %s', (_what, changes, expected) => {
    expect(readEventData({ ...whole, ...changes }).snapshot).toMatchObject(
      JSON.parse(JSON.stringify(expected)) as Record<string, unknown>,
    );
    for (const [name, value] of Object.entries(expected)) {
      if (value === undefined)
        expect(readEventData({ ...whole, ...changes }).snapshot).not.toHaveProperty(name);
    }
  });

  const thin = sampleTypes.filter(
    (type) => type.startsWith('incident.') && sampleEvent(type).event.data['type'] !== 'incident',
  );
  it.each(thin)('of %s is no snapshot but tells where the incident is', (type) => {
    const { snapshot, url, title } = readEventData(sampleEvent(type).event.data);
    expect(snapshot).toBeUndefined();
    expect(url).toBe('https://acme.pagerduty.com/incidents/Q3TQ4J9VV2GQ5C');
    expect([undefined, 'Checkout latency above 2 s']).toContain(title);
  });

  it('tells custom fields, those without a value too', () => {
    const { customFields } = readEventData(sampleEvent('incident.custom_field_values.updated').event.data);
    expect(customFields).toEqual([
      { name: 'environment', value: 'prod' },
      { name: 'affected_regions', value: ['eu-central-1', 'eu-west-1'] },
      { name: 'customers_affected', value: 1200 },
      { name: 'root_cause', value: null },
    ]);
  });

  it('is read without throwing, whatever it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (data) => readEventData(data).customFields.length >= 0));
    fc.assert(fc.property(fc.string(), (body) => eventOf(body) === undefined || true));
    expect(eventOf('{"event":1}')).toBe(1);
    expect(eventOf('[]')).toBeUndefined();
  });
});

describe('loose readers', () => {
  it('cut text without leaving half a character', () => {
    expect(readText(`${'x'.repeat(8)}🔥🔥`, 10)).toBe('xxxxxxxx…');
    expect(readText('12345', 5)).toBe('12345');
    expect(readText(7)).toBeUndefined();
  });

  it('give every reference an id that fits a key', () => {
    expect(readReference({ id: 'x'.repeat(300) })?.id).toMatch(/^sha256:/);
    expect(readReference({ id: 12 })).toEqual({ id: '12' });
    expect(readReference('PX')).toBeUndefined();
    for (const id of [-1, 1.5, 2 ** 53, '', null]) expect(readReference({ id })).toBeUndefined();
    expect(readTeams([{ id: 'A' }, 7, { id: 'B', summary: 'b', html_url: 'https://x' }])).toEqual([
      { id: 'A' },
      { id: 'B', name: 'b' },
    ]);
  });
});
