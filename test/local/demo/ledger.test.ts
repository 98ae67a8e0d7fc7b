import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { cast } from '../../../lib/local/demo/cast.ts';
import { compare, type Findings, type Owed } from '../../../lib/local/demo/ledger.ts';

const owed = (eventId: string, late = false): Owed => ({ eventId, incident: cast.checkout, late });

function arrived(id: string, sequence: number, change: Partial<IncidentEvent> = {}): IncidentEvent {
  return {
    version: '1',
    id,
    sequence,
    type: 'incident.triggered',
    occurred_at: '2026-03-02T10:00:00.000Z',
    services: ['checkout-api'],
    team: 'payments',
    started_at: '2026-03-02T10:00:00.000Z',
    incident: {
      id: cast.checkout.id,
      status: 'triggered',
      reopen_count: 0,
      merged_into: null,
      custom_fields: {},
    },
    match: { rule: 'service_url', explanation: '' },
    pagerduty: { service: { id: 'PF9KMXH' }, teams: [] },
    ...change,
  };
}

const nothing: Findings = { missing: [], double: [], unexpected: [], outOfOrder: [], wrong: [] };
const all = [owed('a'), owed('b')];

describe('the ledger of the demo', () => {
  it('finds nothing when each event has come once and in order', () => {
    expect(compare(all, [arrived('a', 1), arrived('b', 2)])).toEqual(nothing);
  });

  it.each<[string, Owed[], IncidentEvent[], Partial<Findings>]>([
    ['an event that has not come', all, [arrived('a', 1)], { missing: ['b of incident Q2CKYRLH85UNN4'] }],
    [
      'an event that has come twice',
      all,
      [arrived('a', 1), arrived('b', 2), arrived('a', 1)],
      { double: ['a of incident Q2CKYRLH85UNN4'] },
    ],
    ['an event that nobody sent', [owed('a')], [arrived('a', 1), arrived('x', 2)], { unexpected: ['x'] }],
    [
      'events in the wrong order',
      all,
      [arrived('b', 2), arrived('a', 1)],
      {
        outOfOrder: [
          'incident Q2CKYRLH85UNN4: 2 came where 1 was due',
          'incident Q2CKYRLH85UNN4: 1 came where 3 was due',
        ],
      },
    ],
    [
      'a gap in the sequence',
      all,
      [arrived('a', 1), arrived('b', 3)],
      { outOfOrder: ['incident Q2CKYRLH85UNN4: 3 came where 2 was due'] },
    ],
    [
      'another owner',
      [owed('a')],
      [arrived('a', 1, { services: [], team: 'search' })],
      { wrong: ['a went to team search instead of checkout-api, team payments'] },
    ],
    [
      'another rule',
      [owed('a')],
      [arrived('a', 1, { match: { rule: 'team_name', explanation: '' } })],
      { wrong: ['a was decided by team_name, not service_url'] },
    ],
    [
      'a late one without the mark',
      [owed('a', true)],
      [arrived('a', 1)],
      { wrong: ['a is not marked as late'] },
    ],
    [
      'a mark without reason',
      [owed('a')],
      [arrived('a', 1, { late: true })],
      { wrong: ['a is marked as late'] },
    ],
    [
      'an event of another incident',
      [owed('a')],
      [arrived('a', 1, { incident: { ...arrived('a', 1).incident, id: 'QOTHER' } })],
      { wrong: ['a came as an event of QOTHER'] },
    ],
  ])('finds %s', (_, expected, seen, findings) => {
    expect(compare(expected, seen)).toEqual({ ...nothing, ...findings });
  });
});
