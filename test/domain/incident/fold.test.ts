import fc from 'fast-check';
import { fold, foldAll } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { incidentAttributes } from '../../../lib/domain/incident/incident-attributes.ts';
import { initialState, stayOf } from '../../../lib/domain/incident/state.ts';
import { logKey } from '../../../lib/domain/subject/log-key.ts';
import { generateHistory } from '../../support/histories.ts';
import { tries } from '../../support/often.ts';
import { seededRng } from '../../support/rng.ts';
import { loggedEvent } from '../../support/webhooks.ts';
import { events, type Row, service, stateOf } from './support.ts';

const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('folding', () => {
  const [first, second] = events([
    ['10:00:00', 'triggered'],
    ['10:10:00', 'resolved'],
  ]).map(toFoldEvent);
  if (first === undefined || second === undefined) throw new Error('two events');

  it('takes the event that was folded last once more without counting it', () => {
    const state = fold(initialState('Q1'), first);
    expect(fold(state, first)).toBe(state);
  });

  it('refuses an event that belongs before the last one, and says what to do', () => {
    const state = fold(initialState('Q1'), second);
    expect(() => fold(state, first)).toThrow(/belongs before it\. Fold the whole log/);
  });

  it('starts with an incident of which nothing is known', () => {
    const state = foldAll('Q1', []);
    expect(state).toEqual(initialState('Q1'));
    expect(stayOf(state)).toBeUndefined();
    expect(incidentAttributes(state, { severity: {} })).toMatchObject({
      status: undefined,
      event_count: 0,
    });
  });
});

describe('a stay', () => {
  const thin = [
    'annotated',
    'custom_field_values.updated',
    'conference_bridge.updated',
    'responder.added',
    'responder.replied',
    'status_update_published',
    'role.assigned',
    'task.created',
    'task.updated',
    'task.completed',
    'workflow.started',
    'workflow.completed',
    'action_invocation.created',
    'action_invocation.updated',
    'action_invocation.terminated',
  ];
  it.each(thin)('is not begun by incident.%s, which only refers to the incident', (type) => {
    const state = stateOf([['10:00:00', type]]);
    expect(state.incident_id).toBe('Q3TQ4J9VV2GQ5C');
    expect(state.event_count).toBe(1);
    expect(state.status).toBeUndefined();
    expect(stayOf(state)).toBeUndefined();
  });

  it.each(thin)('goes on through incident.%s, and so do status and times', (type) => {
    const before: Row[] = [
      ['10:00:00', 'triggered', service('PAAAAAA')],
      ['10:10:00', 'resolved', service('PAAAAAA')],
    ];
    const state = stateOf([...before, ['10:20:00', type]]);
    const { status, resolved_at, active_ms, reopen_count } = stateOf(before);
    expect(state).toMatchObject({ status, resolved_at, active_ms, reopen_count });
    expect(stayOf(state)?.key).toBe('PAAAAAA#1');
  });

  it('has a key that counts the visits to each service', () => {
    const visits = ['PAAAAAA', 'PBBBBBB', 'PAAAAAA', 'PAAAAAA', 'PCCCCCC', 'PBBBBBB', 'PAAAAAA'];
    const rows = visits.map(
      (id, index): Row => [`10:0${index}:00`, index === 0 ? 'triggered' : 'reassigned', service(id)],
    );
    const keys = rows.map((_, index) => stayOf(stateOf(rows.slice(0, index + 1)))?.key);
    expect(keys).toEqual([
      'PAAAAAA#1',
      'PBBBBBB#1',
      'PAAAAAA#2',
      'PAAAAAA#2',
      'PCCCCCC#1',
      'PBBBBBB#2',
      'PAAAAAA#3',
    ]);
  });

  it('keeps what is known of its service when an event tells less, and takes what is new', () => {
    const state = stateOf([
      [
        '10:00:00',
        'triggered',
        {
          service: {
            id: 'PAAAAAA',
            summary: 'Alpha',
            html_url: 'https://acme.pagerduty.com/services/PAAAAAA',
          },
        },
      ],
      [
        '10:01:00',
        'acknowledged',
        { service: { id: 'PAAAAAA', summary: null, html_url: null }, teams: null },
      ],
      ['10:02:00', 'reassigned', { service: { id: 'PAAAAAA', summary: 'Alpha 2' } }],
      ['10:03:00', 'reassigned', { service: null, teams: [{ id: 'PT1' }, { summary: 'no id' }, null] }],
    ]);
    expect(stayOf(state)).toEqual({
      key: 'PAAAAAA#1',
      service: { id: 'PAAAAAA', name: 'Alpha 2', url: 'https://acme.pagerduty.com/services/PAAAAAA' },
      teams: [{ id: 'PT1' }],
    });
  });

  it('never has a key of an earlier stay, however many services there were', () => {
    const rows = Array.from({ length: 400 }, (_, index): Row => {
      const at = new Date(Date.UTC(2026, 2, 2, 10, 0, index)).toISOString().slice(11, 23);
      return [at, index === 0 ? 'triggered' : 'service_updated', service(`P${index % 130}`)];
    });
    let state = initialState('Q1');
    const keys = events(rows).map((event) => {
      state = fold(state, toFoldEvent(event));
      return stayOf(state)?.key;
    });
    expect(new Set(keys).size).toBe(400);
    expect(state.left_services).toHaveLength(20);
    expect(size(state)).toBeLessThan(4_000);
  });
});

describe('the size of the state', () => {
  it('is about 1 KB for an ordinary incident', () => {
    const state = stateOf([
      ['10:00:00.318', 'triggered'],
      ['10:01:21.044', 'acknowledged'],
      ['10:05:20.250', 'priority_updated'],
      ['10:10:00', 'annotated'],
      ['10:32:26', 'resolved'],
    ]);
    expect(size(state)).toBeLessThan(1280);
  });

  it('does not grow with the number of events: 2,000 of a flapping incident', () => {
    const { bodies, truth } = generateHistory(seededRng(7), { events: 2000, flapping: true });
    const folded = bodies.map((body) => toFoldEvent(loggedEvent(body)));
    const sizes: number[] = [];
    let state = initialState('Q1');
    for (const event of folded) {
      state = fold(state, event);
      sizes.push(size(state));
    }
    const row = incidentAttributes(state, { severity: {} });
    expect(row.event_count).toBe(2000);
    expect(row.reopen_count).toBe(truth.reopen_count);
    expect(row.time_to_restore_seconds).toBe(truth.time_to_restore_seconds);
    expect(truth.reopen_count).toBeGreaterThan(800);
    expect(Math.max(...sizes)).toBeLessThan(2560);
  });

  it('stays far below what a row can hold, whatever the events contain', () => {
    // Three bytes a character, the most that UTF-8 needs for text of a given length.
    const huge = '支'.repeat(20_000);
    const fields = Array.from({ length: 60 }, (_, index) => ({ name: `field ${index}`, value: huge }));
    const state = stateOf([
      [
        '10:00:00',
        'triggered',
        {
          title: huge,
          urgency: huge,
          html_url: huge,
          service: { id: huge, summary: huge, html_url: huge },
          teams: Array.from({ length: 500 }, (_, index) => ({ id: `PT${index}`, summary: huge })),
          priority: { id: 'P', summary: huge },
          incident_type: { name: huge },
          custom_fields: fields,
        },
      ],
      ...Array.from(
        { length: 40 },
        (_, index): Row => ['10:00:30', 'service_updated', service(`P${index}`, huge)],
      ),
      ...Array.from({ length: 100 }, (_, index): Row => ['10:01:00', `type_${index}_${huge.slice(0, 50)}`]),
      ...Array.from({ length: 100 }, (_, index): Row => ['10:02:00', `type_${index}`]),
    ]);
    expect(size(incidentAttributes(state, { severity: {} })) + size(state)).toBeLessThan(300_000);
  });
});

describe('any event at all', () => {
  const awkward = fc.oneof(
    fc.jsonValue(),
    fc.record({
      type: fc.constantFrom('incident', 'incident_note', 'incident_field_values', 'service', null),
      id: fc.jsonValue(),
      status: fc.constantFrom('triggered', 'acknowledged', 'resolved', 'suppressed', null, 7),
      created_at: fc.oneof(
        fc.jsonValue(),
        fc.constant('2026-03-02T10:00:00Z'),
        fc.constant('2027-01-01T00:00:00Z'),
      ),
      reopened_at: fc.oneof(fc.jsonValue(), fc.constant('2026-03-02T10:00:30Z')),
      service: fc.oneof(
        fc.jsonValue(),
        fc.record({ id: fc.oneof(fc.string(), fc.integer()), summary: fc.jsonValue() }),
      ),
      teams: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ id: fc.string(), summary: fc.string({ unit: 'binary' }) })),
      ),
      priority: fc.jsonValue(),
      resolve_reason: fc.oneof(fc.jsonValue(), fc.constant({ type: 'merge_resolve_reason', incident: null })),
      custom_fields: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({ name: fc.constantFrom('__proto__', 'constructor', 'a', ''), value: fc.jsonValue() }),
        ),
      ),
      incident: fc.jsonValue(),
      title: fc.string({ unit: 'binary' }),
    }),
  );
  const types = fc.oneof(
    fc.constantFrom(
      'incident.triggered',
      'incident.acknowledged',
      'incident.resolved',
      'incident.reopened',
      'incident.x',
      '__proto__',
      'constructor',
      'toString',
    ),
    fc.string(),
  );

  it('folds to a state that survives being written down, with times that are possible', () => {
    const history = fc.array(fc.tuple(types, fc.integer({ min: 0, max: 120_000 }), awkward), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(history, (rows) => {
        const logged = rows.map(([type, offset, data], index) => {
          const at = Date.UTC(2026, 2, 2, 10) + offset;
          const occurredAt = new Date(at).toISOString();
          const body = JSON.stringify({
            event: { id: `E${index}`, event_type: type, occurred_at: occurredAt, data },
          });
          return {
            incidentId: 'Q1',
            logKey: logKey(at, type, `E${index}`),
            eventId: `E${index}`,
            eventType: type,
            occurredAt,
            receivedAt: occurredAt,
            body,
          };
        });
        const state = foldAll('Q1', logged.map(toFoldEvent));
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        expect(Object.values(state)).not.toContain(undefined);
        expect(state.event_count).toBe(rows.length);
        expect(Object.values(state.counts).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
        for (const type of Object.keys(state.counts)) expect(type).toMatch(/^[a-z][a-z0-9_.]*$/);
        const row = incidentAttributes(state, { severity: {} });
        expect(row.finished_at === undefined).toBe(row.status !== 'resolved');
        if (row.finished_at !== undefined) expect(row.finished_at >= (row.started_at ?? '')).toBe(true);
        for (const seconds of [row.time_to_acknowledge_seconds ?? 0, row.time_to_restore_seconds ?? 0]) {
          expect(seconds).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: tries(500) },
    );
  });

  it('is folded even if its body is not JSON', () => {
    const [event] = events([['10:00:00', 'triggered']]);
    if (event === undefined) throw new Error('one event');
    expect(toFoldEvent({ ...event, body: 'not JSON' })).toEqual({
      key: event.logKey,
      type: 'incident.triggered',
      at: event.occurredAt,
      customFields: [],
    });
  });
});
