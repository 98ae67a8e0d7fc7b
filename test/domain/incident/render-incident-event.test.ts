import fc from 'fast-check';
import { foldAll } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import type { LoggedEvent } from '../../../lib/domain/incident/logged-event.ts';
import { orderIncidentEvent } from '../../../lib/domain/incident/order-incident-event.ts';
import { type RenderInput, renderIncidentEvent } from '../../../lib/domain/incident/render-incident-event.ts';
import { initialState } from '../../../lib/domain/incident/state.ts';
import type { Match } from '../../../lib/domain/matching/match.ts';
import { generateHistory } from '../../support/histories.ts';
import { seededRng } from '../../support/rng.ts';
import { loggedEvent } from '../../support/webhooks.ts';
import { events, priority, type Row, service } from './support.ts';

const match: Match = {
  rule: 'service_url',
  services: ['checkout-api'],
  team: 'payments',
  explanation: 'The service URL is configured on checkout-api.',
  trace: [],
};

function render(rows: Row[], changes: Partial<RenderInput> = {}) {
  const logged = events(rows);
  const event = logged.at(-1) as LoggedEvent;
  const state = foldAll(event.incidentId, logged.map(toFoldEvent));
  return renderIncidentEvent({
    state,
    event,
    match,
    config: { severity: {} },
    envHeader: 'prod',
    sequence: rows.length,
    late: false,
    ...changes,
  });
}

const resolved: Row[] = [
  ['10:00:00', 'triggered', priority('P1')],
  ['10:01:21', 'acknowledged', priority('P1')],
  ['10:32:26', 'resolved', priority('P1')],
];

/** Published bytes: a change here is a new version of the incident event. */
const golden =
  '{"version":"1","id":"E002","sequence":3,"type":"incident.resolved","occurred_at":"2026-03-02T10:32:26.000Z",' +
  '"services":["checkout-api"],"team":"payments","env":"prod","severity":"P1","name":"Checkout latency above 2 s",' +
  '"started_at":"2026-03-02T10:00:00.000Z","finished_at":"2026-03-02T10:32:26.000Z","source":"pagerduty",' +
  '"incident":{"id":"Q3TQ4J9VV2GQ5C","number":2187,"url":"https://acme.pagerduty.com/incidents/Q3TQ4J9VV2GQ5C",' +
  '"status":"resolved","urgency":"high","priority":"P1","triggered_at":"2026-03-02T10:00:00.000Z","acknowledged_at":"2026-03-02T10:01:21.000Z",' +
  '"time_to_acknowledge_seconds":81,"time_to_restore_seconds":1946,"reopen_count":0,"merged_into":null,"type":"incident_default","key":"latency/checkout-api/eu-central-1",' +
  '"escalation_policy":{"id":"PESCPAY","name":"Payments primary"},"client":{"name":"Latency monitor","url":"https://monitors.example.com/4711"},"custom_fields":{}},' +
  '"match":{"rule":"service_url","explanation":"The service URL is configured on checkout-api."},' +
  '"pagerduty":{"service":{"id":"PF9KMXH","name":"Checkout API","url":"https://acme.pagerduty.com/services/PF9KMXH"},' +
  '"teams":[{"id":"PFCVPS0","name":"Payments"}]}}';

describe('an incident event', () => {
  it('has the published form, byte for byte', () => {
    expect(JSON.stringify(render(resolved))).toBe(golden);
  });

  it('has the same bytes after its keys were shuffled, as DynamoDB may do', () => {
    const shuffle = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffle)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, item]) => [key, shuffle(item)]),
            )
          : value;
    const fields: Row = [
      '10:40:00',
      'custom_field_values.updated',
      {
        custom_fields: [
          { name: 'b', value: { y: 1, x: 2 } },
          { name: 'a', value: 'v' },
        ],
      },
    ];
    for (const rows of [resolved, [...resolved, fields]]) {
      const event = render(rows);
      const shuffled = shuffle(event) as typeof event;
      expect(JSON.stringify(shuffled)).not.toBe(JSON.stringify(event));
      expect(JSON.stringify(orderIncidentEvent(shuffled))).toBe(JSON.stringify(event));
    }
  });

  it('leaves out what is absent, except merged_into', () => {
    const [triggered] = resolved;
    const row: Row = [
      '10:00:00',
      'triggered',
      {
        ...triggered?.[2],
        priority: null,
        title: null,
        number: null,
        html_url: null,
        urgency: null,
        incident_type: null,
        incident_key: null,
        assignees: [],
        escalation_policy: null,
        teams: [{ id: 'PT1' }],
        ...service('PAAAAAA', null),
      },
    ];
    const teamOnly: Match = {
      rule: 'team_name',
      services: [],
      team: 'payments',
      explanation: 'x',
      trace: [],
    };
    expect(JSON.stringify(render([row], { match: teamOnly, envHeader: undefined }))).toBe(
      '{"version":"1","id":"E000","sequence":1,"type":"incident.triggered","occurred_at":"2026-03-02T10:00:00.000Z","team":"payments",' +
        '"started_at":"2026-03-02T10:00:00.000Z","source":"pagerduty","incident":{"id":"Q3TQ4J9VV2GQ5C","status":"triggered","triggered_at":"2026-03-02T10:00:00.000Z","reopen_count":0,"merged_into":null,"client":{"name":"Latency monitor","url":"https://monitors.example.com/4711"},"custom_fields":{}},' +
        '"match":{"rule":"team_name","explanation":"x"},"pagerduty":{"service":{"id":"PAAAAAA"},"teams":[{"id":"PT1"}]}}',
    );
  });

  it('says late only when it is', () => {
    expect(render(resolved, { late: true }).late).toBe(true);
    expect(render(resolved)).not.toHaveProperty('late');
  });

  it('of a merged incident is finished, names the other one and has no time to restore', () => {
    const merged = render([
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved', { resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'Q2' } } }],
    ]);
    expect(merged.finished_at).toBe('2026-03-02T10:10:00.000Z');
    expect(merged.incident.merged_into).toBe('Q2');
    expect(merged.incident).not.toHaveProperty('time_to_restore_seconds');
  });

  it('of a thin event carries the state of the incident, and the id of the event, not of the note', () => {
    const event = render([...resolved, ['10:40:00', 'annotated', {}, 'EN0TE']]);
    expect(event).toMatchObject({
      id: 'EN0TE',
      type: 'incident.annotated',
      finished_at: '2026-03-02T10:32:26.000Z',
    });
    expect(event.incident).toMatchObject({ id: 'Q3TQ4J9VV2GQ5C', status: 'resolved' });
  });

  it('of a type nobody has heard of goes out like any other', () => {
    expect(render([...resolved, ['10:40:00', 'teleported']])).toMatchObject({ type: 'incident.teleported' });
  });

  it('cannot be made before an event has named a service', () => {
    expect(() => render([['10:00:00', 'annotated']])).toThrow(/no event has named its PagerDuty service yet/);
    expect(() => render(resolved, { state: initialState('Q9') })).toThrow(/Q9 cannot go out/);
  });

  it('is the same every time it is made, for any history', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const make = () => {
          const logged = generateHistory(seededRng(seed)).bodies.map((body) => loggedEvent(body));
          const event = logged.at(-1) as LoggedEvent;
          const state = foldAll(event.incidentId, logged.map(toFoldEvent).reverse());
          return renderIncidentEvent({
            state,
            event,
            match,
            config: { severity: {} },
            envHeader: undefined,
            sequence: 1,
            late: false,
          });
        };
        const event = make();
        expect(JSON.stringify(make())).toBe(JSON.stringify(event));
        expect(JSON.stringify(orderIncidentEvent(JSON.parse(JSON.stringify(event)) as typeof event))).toBe(
          JSON.stringify(event),
        );
      }),
      { numRuns: 50 },
    );
  });
});
