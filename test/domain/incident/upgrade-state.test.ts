import { fold } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { incidentAttributes } from '../../../lib/domain/incident/incident-attributes.ts';
import type { IncidentState } from '../../../lib/domain/incident/state.ts';
import { upgradeState } from '../../../lib/domain/incident/upgrade-state.ts';
import { events } from './support.ts';

/** The memory as the first release wrote it on the row, of an incident that was triggered, acknowledged, resolved. */
const first: IncidentState = {
  incident_id: 'Q3TQ4J9VV2GQ5C',
  event_count: 3,
  counts: { 'incident.triggered': 1, 'incident.acknowledged': 1, 'incident.resolved': 1 },
  custom_fields: {},
  active_ms: 600_000,
  reopen_count: 0,
  teams: [],
  visit: 1,
  move_count: 0,
  left_services: [],
  first_event_at: '2026-03-02T10:00:00.400Z',
  last_event_at: '2026-03-02T10:10:00.000Z',
  last_key: '2026-03-02T10:10:00.000Z#1#E002',
  created_at: '2026-03-02T10:00:00.000Z',
  title: 'Checkout latency above 2 s',
  service: { id: 'PF9KMXH', name: 'Checkout API' },
  status: 'resolved',
  acknowledged_at: '2026-03-02T10:02:00.000Z',
  resolved_at: '2026-03-02T10:10:00.000Z',
  active_seen_at: '2026-03-02T10:02:00.000Z',
};
const attributes = (state: IncidentState) => incidentAttributes(state, { severity: {} });

describe('the memory of the first release', () => {
  it('says what it said, and goes on', () => {
    const upgraded = upgradeState(JSON.parse(JSON.stringify(first)));
    expect(attributes(upgraded)).toMatchObject({
      time_to_acknowledge_seconds: 120,
      time_to_restore_seconds: 600,
      inferred: undefined,
    });
    const [reopened, resolved] = events([
      ['11:00:00', 'reopened', { reopened_at: '2026-03-02T10:59:59Z' }, 'E003'],
      ['11:05:00', 'resolved', { reopened_at: '2026-03-02T10:59:59Z' }, 'E004'],
    ]).map(toFoldEvent);
    if (!reopened || !resolved) throw new Error('two events');
    expect(attributes(fold(fold(upgraded, reopened), resolved))).toMatchObject({
      reopen_count: 1,
      time_to_restore_seconds: 900,
      inferred: undefined,
    });
  });

  it.each<[string, Partial<IncidentState>, string[], string[]]>([
    [
      'a resolve it had concluded',
      { resolve_inferred: true, counts: { 'incident.triggered': 1, 'incident.acknowledged': 1 } },
      ['finished_at', 'time_to_restore_seconds'],
      ['time_to_restore_seconds'],
    ],
    [
      'a period whose resolve was missed',
      {
        reopen_count: 1,
        counts: {
          'incident.triggered': 1,
          'incident.acknowledged': 1,
          'incident.reopened': 1,
          'incident.resolved': 1,
        },
      },
      ['time_to_acknowledge_seconds', 'time_to_restore_seconds', 'reopen_count'],
      ['time_to_restore_seconds', 'time_to_acknowledge_seconds'],
    ],
    [
      'an acknowledgement that was missed',
      {
        counts: {
          'incident.triggered': 1,
          'incident.unacknowledged': 2,
          'incident.acknowledged': 1,
          'incident.resolved': 1,
        },
      },
      ['acknowledged_at', 'time_to_acknowledge_seconds'],
      ['time_to_acknowledge_seconds'],
    ],
    [
      'a beginning that was not seen',
      { counts: { 'incident.acknowledged': 1, 'incident.resolved': 1 } },
      ['acknowledged_at', 'time_to_acknowledge_seconds', 'time_to_restore_seconds', 'reopen_count'],
      [],
    ],
  ])('is marked where its counts betray %s', (_what, change, inferred, absent) => {
    const row = attributes(upgradeState({ ...first, ...change }));
    expect(row.inferred).toEqual(inferred);
    for (const name of absent) expect(row[name as keyof typeof row]).toBeUndefined();
  });
});
