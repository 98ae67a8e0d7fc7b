import { readAccountIncident } from '../../../../lib/domain/pagerduty/history/account-incident.ts';
import { readLogEntry } from '../../../../lib/domain/pagerduty/history/log-entry.ts';
import { type Replay, replay } from '../../../../lib/domain/pagerduty/history/replay.ts';

const created = Date.parse('2026-03-02T09:58:41Z');
const at = (seconds: number) => new Date(created + seconds * 1000).toISOString().replace('.000Z', 'Z');
const reference = (id: string, type: string, summary: string) => ({ id, type: `${type}_reference`, summary });

const incident = (given: object = {}) => ({
  id: 'Q2CKYRLH85UNN4',
  type: 'incident',
  incident_number: 1412,
  title: 'Checkout latency above 2 s',
  created_at: at(0),
  updated_at: at(900),
  status: 'resolved',
  resolved_at: at(900),
  last_status_change_at: at(900),
  urgency: 'high',
  html_url: 'https://acme.pagerduty.com/incidents/Q2CKYRLH85UNN4',
  service: reference('PF9KMXH', 'service', 'Checkout API'),
  teams: [reference('PFCVPS0', 'team', 'Payments')],
  assignments: [{ at: at(0), assignee: reference('PANA4RZ', 'user', 'Ana Ruiz') }],
  ...given,
});

type Entry = [type: string, seconds: number, more?: object];

/** Oldest first, as one reads it; PagerDuty gives the newest first. */
function tell(entries: Entry[], given: object = {}): Replay {
  const listed = entries
    .map(([type, seconds, more], index) =>
      readLogEntry({
        id: `R${index}`,
        type: `${type}_log_entry`,
        created_at: at(seconds),
        agent: reference('PANA4RZ', 'user', 'Ana Ruiz'),
        ...more,
      }),
    )
    .filter((entry) => entry !== undefined)
    .toReversed();
  const read = readAccountIncident(incident(given));
  if (!read) throw new Error('not an incident');
  return replay(read, listed);
}
const short = ({ events }: Replay) =>
  events.map(({ type, atMs, id }) => [type.replace('incident.', ''), (atMs - created) / 1000, id.slice(7)]);
const data = ({ events }: Replay, index: number) => JSON.parse(events[index]?.body ?? '{}').event.data;
const open = { status: 'triggered', resolved_at: null };

describe('the log of an incident as webhooks would have told it', () => {
  it.each<[string, Entry[], object, unknown[]]>([
    [
      'from its start to its end',
      [
        ['trigger', 0],
        ['assign', 0],
        ['notify', 2],
        ['acknowledge', 81],
        ['resolve', 900],
      ],
      {},
      [
        ['triggered', 0, 'R0'],
        ['acknowledged', 81, 'R3'],
        ['resolved', 900, 'R4'],
      ],
    ],
    [
      'acknowledged under its other name, then no longer',
      [
        ['trigger', 0],
        ['acknowledgement', 10],
        ['unacknowledge', 1810],
      ],
      open,
      [
        ['triggered', 0, 'R0'],
        ['acknowledged', 10, 'R1'],
        ['unacknowledged', 1810, 'R2'],
      ],
    ],
    [
      'with further alerts, which are nothing new',
      [
        ['trigger', 0],
        ['trigger', 5],
        ['trigger', 60],
      ],
      open,
      [['triggered', 0, 'R0']],
    ],
    [
      'reopened by another alert',
      [
        ['trigger', 0],
        ['resolve', 60],
        ['trigger', 90],
        ['resolve', 900],
      ],
      {},
      [
        ['triggered', 0, 'R0'],
        ['resolved', 60, 'R1'],
        ['reopened', 90, 'R2:reopen'],
        ['resolved', 900, 'R3'],
      ],
    ],
    [
      'reopened by an assignment, and acknowledged after it',
      [
        ['trigger', 0],
        ['resolve', 60],
        ['assign', 90],
        ['acknowledge', 95],
        ['resolve', 900],
      ],
      {},
      [
        ['triggered', 0, 'R0'],
        ['resolved', 60, 'R1'],
        ['reopened', 90, 'R2:reopen'],
        ['acknowledged', 95, 'R3'],
        ['resolved', 900, 'R4'],
      ],
    ],
    [
      'reopened by an acknowledgement that nothing came before',
      [
        ['trigger', 0],
        ['resolve', 60],
        ['acknowledge', 90],
        ['resolve', 900],
      ],
      {},
      [
        ['triggered', 0, 'R0'],
        ['resolved', 60, 'R1'],
        ['reopened', 90, 'R2:reopen'],
        ['acknowledged', 90, 'R2'],
        ['resolved', 900, 'R3'],
      ],
    ],
    [
      'open although the log ends in a resolve',
      [
        ['trigger', 0],
        ['resolve', 60],
      ],
      { ...open, last_status_change_at: at(500) },
      [
        ['triggered', 0, 'R0'],
        ['resolved', 60, 'R1'],
        ['reopened', 500, 'R1:reopen'],
      ],
    ],
    [
      'resolved although no entry says so',
      [['trigger', 0]],
      {},
      [
        ['triggered', 0, 'R0'],
        ['resolved', 900, 'Q2CKYRLH85UNN4:resolve'],
      ],
    ],
    [
      'without its beginning',
      [
        ['acknowledge', 30],
        ['resolve', 900],
      ],
      {},
      [
        ['triggered', 0, 'Q2CKYRLH85UNN4:trigger'],
        ['acknowledged', 30, 'R0'],
        ['resolved', 900, 'R1'],
      ],
    ],
    ['without any entry', [], open, [['triggered', 0, 'Q2CKYRLH85UNN4:trigger']]],
    [
      'resolved twice in a row',
      [
        ['trigger', 0],
        ['resolve', 899],
        ['resolve', 900],
      ],
      {},
      [
        ['triggered', 0, 'R0'],
        ['resolved', 899, 'R1'],
      ],
    ],
    [
      'escalated to several in one second, and assigned thereby',
      [
        ['trigger', 0],
        ['escalate', 1800],
        ['assign', 1800],
        ['escalate', 1800],
      ],
      open,
      [
        ['triggered', 0, 'R0'],
        ['escalated', 1800, 'R1'],
      ],
    ],
    [
      'delegated, whatever the order within the second',
      [
        ['trigger', 0],
        ['assign', 600],
        ['delegate', 600],
      ],
      open,
      [
        ['triggered', 0, 'R0'],
        ['delegated', 600, 'R2'],
      ],
    ],
    [
      'reassigned, but not by what made it',
      [
        ['trigger', 0],
        ['assign', 4],
        ['assign', 600],
        ['reassign', 700],
      ],
      open,
      [
        ['triggered', 0, 'R0'],
        ['reassigned', 600, 'R2'],
        ['reassigned', 700, 'R3'],
      ],
    ],
    [
      'with what only refers to it',
      [
        ['trigger', 0],
        ['annotate', 10, { channel: { type: 'note', summary: 'Looking' } }],
        ['status_update', 20, { message: 'Still on it' }],
        ['responder_request', 30],
        [
          'custom_field_value_change',
          40,
          { channel: { changeset: { customer_fields: [{ name: 'environment', value: 'prod' }] } } },
        ],
        [
          'field_value_change',
          50,
          { channel: { changeset: { application_fields: [{ name: 'incident_type' }] } } },
        ],
        ['field_value_change', 60, { channel: { changeset: { application_fields: [{ name: 'snoozed' }] } } }],
        ['urgency_change', 70],
      ],
      open,
      [
        ['triggered', 0, 'R0'],
        ['annotated', 10, 'R1'],
        ['status_update_published', 20, 'R2'],
        ['responder.added', 30, 'R3'],
        ['custom_field_values.updated', 40, 'R4'],
        ['incident_type.changed', 50, 'R5'],
      ],
    ],
  ])('%s', (_, entries, given, expected) => {
    expect(short(tell(entries, given))).toEqual(expected);
  });

  it('names each unknown type and how often it came', () => {
    const told = tell(
      [
        ['trigger', 0],
        ['teleport', 1],
        ['teleport', 2],
        ['constructor', 3],
      ],
      open,
    );
    expect(told.unknown).toEqual({ teleport_log_entry: 2, constructor_log_entry: 1 });
    expect(told.events).toHaveLength(1);
  });

  it('knows the service and the priority of each moment', () => {
    const told = tell(
      [
        ['trigger', 0],
        [
          'priority_change',
          60,
          { channel: { old_priority: null, new_priority: { id: 'P2', summary: 'P2' } } },
        ],
        ['service_change', 120, { channel: { old_service: reference('POLD', 'service', 'Catch-all') } }],
        ['priority_change', 180, { channel: { old_priority: { id: 'P2', summary: 'P2' } } }],
        ['resolve', 900],
      ],
      { priority: { id: 'P1', summary: 'P1', name: 'P1', color: 'a8171c', order: 1 } },
    );
    expect(
      told.events.map((_, index) => [data(told, index).service.id, data(told, index).priority?.summary]),
    ).toEqual([
      ['POLD', undefined],
      ['POLD', 'P2'],
      ['PF9KMXH', 'P2'],
      ['PF9KMXH', 'P1'],
      ['PF9KMXH', 'P1'],
    ]);
  });

  it('lays a merge to the last resolve only', () => {
    const merge = { type: 'merge_resolve_reason', incident: reference('QOTHER', 'incident', 'x') };
    const told = tell(
      [
        ['trigger', 0],
        ['resolve', 60],
        ['trigger', 90],
        ['resolve', 900],
      ],
      { resolve_reason: merge },
    );
    expect(told.events.map((_, index) => data(told, index).resolve_reason)).toEqual([
      null,
      null,
      null,
      merge,
    ]);
  });

  it('keeps PagerDuty’s order within a second', () => {
    const told = tell([
      ['trigger', 0],
      ['acknowledge', 0],
      ['resolve', 0],
    ]);
    expect(told.events.map(({ type, ordinal }) => [type, ordinal])).toEqual([
      ['incident.triggered', 2],
      ['incident.acknowledged', 4],
      ['incident.resolved', 6],
    ]);
  });

  it.each([
    [{ id: 'R', type: 'trigger_log_entry' }],
    [{ id: 'R', created_at: at(0) }],
    [{ type: 'trigger_log_entry', created_at: at(0) }],
    [null],
  ])('passes over what is no entry: %j', (entry) => {
    expect(readLogEntry(entry)).toBeUndefined();
  });

  it.each([[{ created_at: 'yesterday' }], [{ status: 'snoozed' }], [{ id: null }]])(
    'takes nothing for an incident that has %j',
    (given) => {
      expect(readAccountIncident(incident(given))).toBeUndefined();
    },
  );
});
