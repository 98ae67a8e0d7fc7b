import { describeEffect } from '../../../lib/domain/incident/describe-effect.ts';
import { describedEventTypes, headline } from '../../../lib/domain/incident/event-headline.ts';
import { fold } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { initialState } from '../../../lib/domain/incident/state.ts';
import { duration } from '../../../lib/domain/text/duration.ts';
import { loggedEvent, sampleEvent, sampleTypes } from '../../support/webhooks.ts';
import { events, priority, type Row, service } from './support.ts';

function timeline(rows: Row[]): string[] {
  let before = initialState('Q1');
  return events(rows).map((event) => {
    const after = fold(before, toFoldEvent(event));
    const line = describeEffect({ event, before, after });
    before = after;
    return line;
  });
}

const quiet = { ...priority('P2') };

describe('the effect of an event, in words', () => {
  it('tells the life of an incident', () => {
    expect(
      timeline([
        ['10:00:00', 'triggered', quiet],
        ['10:01:21', 'acknowledged', quiet],
        ['10:05:00', 'priority_updated', { ...priority('P1'), status: 'acknowledged' }],
        [
          '10:06:00',
          'custom_field_values.updated',
          { custom_fields: [{ name: 'environment', value: 'prod' }] },
        ],
        [
          '10:12:00',
          'service_updated',
          { ...priority('P1'), ...service('PBBBBBB', 'Beta'), status: 'acknowledged' },
        ],
        ['10:20:00', 'escalated', { ...priority('P1'), ...service('PBBBBBB'), status: 'triggered' }],
        ['10:32:26', 'resolved', { ...priority('P1'), ...service('PBBBBBB') }],
        ['10:32:27', 'annotated'],
        ['10:32:28', 'acknowledged', { ...priority('P1'), ...service('PBBBBBB') }],
        ['11:00:00', 'reopened', { ...priority('P1'), ...service('PBBBBBB') }],
        ['11:10:00', 'resolved', { ...priority('P1'), ...service('PBBBBBB') }],
      ]),
    ).toEqual([
      'Triggered (Checkout API); at Checkout API, priority P2, urgency high, incident type incident_default',
      'Acknowledged (Ana Ruiz); first acknowledged after 1 min 21 s',
      'Priority set (Ana Ruiz); priority P2 → P1',
      'Custom fields set (Ana Ruiz); environment "prod"',
      'Moved to another service (Ana Ruiz); from Checkout API to Beta',
      'Escalated to Tom Okafor; now triggered',
      'Resolved (Ana Ruiz); restored after 32 min 26 s',
      'Note added: "Rolled back release 2026.9.1, latency is back to normal." (Ana Ruiz)',
      'Acknowledged (Ana Ruiz); stays resolved: only a reopening opens it again',
      'Reopened (Ana Ruiz); reopening 1',
      'Resolved (Ana Ruiz); time to restore not known: events were missed',
    ]);
  });

  it('tells of a merge, of a reopening nobody reported, and of values taken away', () => {
    const lines = timeline([
      ['10:00:00', 'triggered', { ...quiet, custom_fields: [{ name: 'tier', value: 1 }] }],
      [
        '10:10:00',
        'resolved',
        { priority: null, resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'Q2' } } },
      ],
      ['11:00:05', 'acknowledged', { title: 'Other', reopened_at: '2026-03-02T11:00:00Z' }],
      ['11:00:06', 'custom_field_values.updated', { custom_fields: [{ name: 'tier', value: null }] }],
    ]);
    expect(lines.slice(1)).toEqual([
      'Resolved (Ana Ruiz); went on as incident Q2, so it has no time to restore, priority P2 removed',
      'Acknowledged (Ana Ruiz); reopening 1 at 2026-03-02T11:00:00.000Z, known by this event only, first acknowledged after about 10 min 5 s, priority P2, title Checkout latency above 2 s → Other',
      'Custom fields set (Ana Ruiz); tier 1 removed',
    ]);
  });

  it('has words for every sample, and a sample for everything it has words for', () => {
    expect([...describedEventTypes].sort()).toEqual(sampleTypes);
  });

  it.each(sampleTypes.filter((type) => type !== 'pagey.ping'))('describes %s in one line', (type) => {
    const event = loggedEvent(sampleEvent(type));
    const before = initialState(event.incidentId);
    const line = describeEffect({ event, before, after: fold(before, toFoldEvent(event)) });
    expect(line).toMatch(/^[A-Z][^\n]{5,300}$/);
    expect(line).not.toMatch(/undefined|null|\[object/);
  });

  it.each(describedEventTypes)('describes %s even if its data is empty or of another kind', (type) => {
    for (const data of [
      undefined,
      null,
      {},
      [],
      'text',
      { user: 7, assignees: [null], incident_role_assignments: [{}] },
    ]) {
      expect(headline(type, data)).toMatch(/^[A-Z][^\n]+$/);
      expect(headline(type, data)).not.toMatch(/undefined|null|\[object/);
    }
  });

  it('has a way to speak of types nobody has heard of', () => {
    expect(headline('incident.teleported', {})).toBe(
      'incident.teleported (a type this bridge has no words for)',
    );
    expect(headline('constructor', {})).toBe('constructor (a type this bridge has no words for)');
  });
});

describe('a duration for people', () => {
  const rows: [number, string][] = [
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [81, '1 min 21 s'],
    [3600, '1 h'],
    [3605, '1 h 5 s'],
    [129_600, '1 d 12 h'],
    [90_061, '1 d 1 h'],
    [-5, '0 s'],
    [1.9, '1 s'],
  ];
  it.each(rows)('%d s is %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });
});
