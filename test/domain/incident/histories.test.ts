import { incidentAttributes } from '../../../lib/domain/incident/incident-attributes.ts';
import { priority, type Row, service, stateOf } from './support.ts';

/** Attributes that have a value, without those that every row of the table would repeat. */
function row(rows: Row[]) {
  const attributes = Object.entries(incidentAttributes(stateOf(rows), { severity: {} }));
  return Object.fromEntries(attributes.filter(([, value]) => value !== undefined));
}

const day = (time: string) => `2026-03-02T${time}Z`;

/** Worked out by hand, each with its timeline. `started_at` is 10:00:00 unless it says otherwise. */
const histories: [name: string, rows: Row[], expected: Record<string, unknown>, absent?: string[]][] = [
  [
    //  10:00 ──── 10:01:21 ack ──── 10:32:26 resolved
    'triggered, acknowledged, resolved',
    [
      ['10:00:00.500', 'triggered'],
      ['10:01:21', 'acknowledged'],
      ['10:32:26', 'resolved'],
    ],
    {
      status: 'resolved',
      started_at: day('10:00:00.000'),
      acknowledged_at: day('10:01:21.000'),
      finished_at: day('10:32:26.000'),
      time_to_acknowledge_seconds: 81,
      time_to_restore_seconds: 1946,
      reopen_count: 0,
      event_count: 3,
      last_event_at: day('10:32:26.000'),
    },
    ['merged_into'],
  ],
  [
    //  10:00 ═══ 10:10 resolved ┈┈ 11:00 ═══ 11:05 resolved ┈┈ 12:00 ═══ 12:01:30 resolved
    'reopened twice',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['11:00:00', 'reopened', { reopened_at: day('10:59:59') }],
      ['11:05:00', 'resolved', { reopened_at: day('10:59:59') }],
      ['12:00:00', 'reopened', { reopened_at: day('11:59:59') }],
      ['12:01:30', 'resolved', { reopened_at: day('11:59:59') }],
    ],
    {
      status: 'resolved',
      started_at: day('10:00:00.000'),
      finished_at: day('12:01:30.000'),
      time_to_restore_seconds: 600 + 300 + 90,
      reopen_count: 2,
    },
    ['acknowledged_at', 'time_to_acknowledge_seconds'],
  ],
  [
    //  10:00 ═══ 10:20 resolved ┈┈ 36 hours ┈┈ 22:20 next day ═══ 22:27
    'reopened after 36 quiet hours: minutes, not hours',
    [
      ['10:00:00', 'triggered'],
      ['10:20:00', 'resolved'],
      ['03T22:20:00', 'reopened'],
      ['03T22:27:00', 'resolved'],
    ],
    { time_to_restore_seconds: 27 * 60, finished_at: '2026-03-03T22:27:00.000Z', reopen_count: 1 },
  ],
  [
    'reopened and still open: no finish and no time to restore',
    [
      ['10:00:00', 'triggered'],
      ['10:20:00', 'resolved'],
      ['11:00:00', 'reopened'],
    ],
    { status: 'triggered', reopen_count: 1 },
    ['finished_at', 'time_to_restore_seconds'],
  ],
  [
    'resolved without ever being acknowledged',
    [
      ['10:00:00', 'triggered'],
      ['10:05:00', 'resolved'],
    ],
    { status: 'resolved', time_to_restore_seconds: 300 },
    ['acknowledged_at', 'time_to_acknowledge_seconds'],
  ],
  [
    'resolved before acknowledged: it stays resolved, the first acknowledgement is still known',
    [
      ['10:00:00', 'triggered'],
      ['10:05:00', 'resolved'],
      ['10:05:00.400', 'acknowledged'],
    ],
    {
      status: 'resolved',
      finished_at: day('10:05:00.000'),
      acknowledged_at: day('10:05:00.400'),
      time_to_acknowledge_seconds: 300,
      time_to_restore_seconds: 300,
      reopen_count: 0,
    },
  ],
  [
    'acknowledged, unacknowledged, acknowledged again: the first one counts',
    [
      ['10:00:00', 'triggered'],
      ['10:02:00', 'acknowledged'],
      ['10:32:00', 'unacknowledged'],
      ['10:40:00', 'acknowledged'],
    ],
    { status: 'acknowledged', acknowledged_at: day('10:02:00.000'), time_to_acknowledge_seconds: 120 },
  ],
  [
    'acknowledged and unacknowledged',
    [
      ['10:00:00', 'triggered'],
      ['10:02:00', 'acknowledged'],
      ['10:32:00', 'unacknowledged'],
    ],
    { status: 'triggered', acknowledged_at: day('10:02:00.000') },
    ['finished_at'],
  ],
  [
    'escalated while acknowledged goes back to triggered, as its snapshot says',
    [
      ['10:00:00', 'triggered'],
      ['10:02:00', 'acknowledged'],
      ['10:30:00', 'escalated'],
      ['10:31:00', 'reassigned'],
      ['10:32:00', 'delegated', { status: 'acknowledged' }],
      ['10:33:00', 'escalated', { status: 'acknowledged' }],
    ],
    { status: 'acknowledged', escalation_count: 2, reassignment_count: 1, delegation_count: 1 },
  ],
  [
    'moved to another service and back',
    [
      ['10:00:00', 'triggered', service('PAAAAAA', 'Alpha')],
      [
        '10:10:00',
        'service_updated',
        { ...service('PBBBBBB', 'Beta'), teams: [{ id: 'PT2', summary: 'Two' }] },
      ],
      ['10:20:00', 'service_updated', { ...service('PAAAAAA', 'Alpha'), teams: [] }],
    ],
    {
      pagerduty_service_id: 'PAAAAAA',
      pagerduty_service_name: 'Alpha',
      pagerduty_teams: [],
      former_services: [{ id: 'PBBBBBB', name: 'Beta', visits: 1, left_at: day('10:20:00.000') }],
    },
  ],
  [
    'priority raised after the resolve: kept, and nothing reopens',
    [
      ['10:00:00', 'triggered', priority('P3')],
      ['10:10:00', 'resolved', priority('P3')],
      ['10:30:00', 'priority_updated', { ...priority('P1'), status: 'resolved' }],
    ],
    {
      status: 'resolved',
      priority: 'P1',
      severity: 'P1',
      finished_at: day('10:10:00.000'),
      time_to_restore_seconds: 600,
    },
  ],
  [
    'priority taken away',
    [
      ['10:00:00', 'triggered', priority('P1')],
      ['10:10:00', 'priority_updated', { priority: null }],
    ],
    { status: 'triggered', urgency: 'high' },
    ['priority', 'severity'],
  ],
  [
    'merged: finished, but not restored',
    [
      ['10:00:00', 'triggered'],
      [
        '10:10:00',
        'resolved',
        { resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'QOTHER' } } },
      ],
    ],
    { status: 'resolved', merged_into: 'QOTHER', finished_at: day('10:10:00.000') },
    ['time_to_restore_seconds'],
  ],
  [
    'merged into an incident that is not named',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved', { resolve_reason: { type: 'merge_resolve_reason' } }],
    ],
    { merged_into: 'unknown' },
    ['time_to_restore_seconds'],
  ],
  [
    'merged, then reopened and resolved for its own sake',
    [
      ['10:00:00', 'triggered'],
      [
        '10:10:00',
        'resolved',
        { resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'QOTHER' } } },
      ],
      ['11:00:00', 'reopened'],
      ['11:02:00', 'resolved'],
    ],
    { status: 'resolved', time_to_restore_seconds: 720, reopen_count: 1 },
    ['merged_into'],
  ],
  [
    'resolved for another reason than a merge',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved', { resolve_reason: 'auto_resolved' }],
    ],
    { status: 'resolved', time_to_restore_seconds: 600 },
    ['merged_into'],
  ],
  [
    'installed midway, first event an acknowledgement: the start is known from created_at',
    [
      ['10:45:00', 'acknowledged'],
      ['11:00:00', 'resolved'],
    ],
    {
      started_at: day('10:00:00.000'),
      acknowledged_at: day('10:45:00.000'),
      time_to_acknowledge_seconds: 2700,
      time_to_restore_seconds: 3600,
      event_count: 2,
    },
  ],
  [
    'installed midway, first event a resolve',
    [['11:00:00', 'resolved']],
    { status: 'resolved', started_at: day('10:00:00.000'), time_to_restore_seconds: 3600 },
    ['acknowledged_at'],
  ],
  [
    'installed midway, no created_at: the earliest event is the start',
    [
      ['10:45:00', 'annotated'],
      ['10:50:00', 'acknowledged', { created_at: undefined }],
      ['11:00:00', 'resolved', { created_at: undefined }],
    ],
    { started_at: day('10:45:00.000'), acknowledged_at: day('10:50:00.000') },
    ['time_to_acknowledge_seconds', 'time_to_restore_seconds'],
  ],
  [
    'installed midway, after a reopening: nobody knows how long the first period was',
    [
      ['03T12:00:00', 'acknowledged', { reopened_at: '2026-03-03T11:50:00Z' }],
      ['03T12:10:00', 'resolved', { reopened_at: '2026-03-03T11:50:00Z' }],
    ],
    { started_at: day('10:00:00.000'), reopen_count: 1 },
    ['time_to_restore_seconds', 'time_to_acknowledge_seconds'],
  ],
  [
    'installed midway, first event a reopening: the first period is not known, and not zero',
    [
      ['03T12:00:00', 'reopened'],
      ['03T12:10:00', 'resolved'],
    ],
    { started_at: day('10:00:00.000'), reopen_count: 1 },
    ['time_to_restore_seconds'],
  ],
  [
    'installed midway, first event a change of the resolved incident: resolved then at the latest',
    [['11:00:00', 'priority_updated', { status: 'resolved' }]],
    { status: 'resolved', finished_at: day('11:00:00.000') },
    ['time_to_restore_seconds'],
  ],
  [
    'a snapshot that already knows of the resolve: the resolve itself sets the time',
    [
      ['10:00:00', 'triggered'],
      ['10:09:59', 'priority_updated', { status: 'resolved' }],
      ['10:10:00', 'resolved'],
    ],
    { finished_at: day('10:10:00.000'), time_to_restore_seconds: 600 },
  ],
  [
    'resolved twice without a reopening: the first one is in force, and doubtful',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['10:20:00', 'resolved'],
    ],
    { finished_at: day('10:10:00.000'), reopen_count: 0 },
    ['time_to_restore_seconds'],
  ],
  [
    'resolved twice within a second, as two subscriptions would tell it',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['10:10:00.200', 'resolved'],
    ],
    { finished_at: day('10:10:00.000'), time_to_restore_seconds: 600, reopen_count: 0 },
  ],
  [
    //  10:00 ═══ 10:10 ┈┈ (11:00 reopened, not seen) ═══ 11:05
    'a reopening that was never delivered, told by the next resolve',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['11:05:00', 'resolved', { reopened_at: day('11:00:00') }],
    ],
    { finished_at: day('11:05:00.000'), time_to_restore_seconds: 600 + 300, reopen_count: 1 },
  ],
  [
    'a reopening told by an event just before it is counted once',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['11:00:00.300', 'reassigned', { reopened_at: day('11:00:00') }],
      ['11:00:01', 'reopened', { reopened_at: day('11:00:00') }],
      ['11:05:00', 'resolved', { reopened_at: day('11:00:00') }],
    ],
    { reopen_count: 1, time_to_restore_seconds: 600 + 299 },
  ],
  [
    //  10:00 ═══ 10:05 last seen ┈ (resolved and reopened, not seen) ┈ 13:00 ═══ 13:10
    'a resolve that was never delivered, told by the reopening: active nobody knows how long',
    [
      ['10:00:00', 'triggered'],
      ['10:05:00', 'acknowledged'],
      ['13:00:00', 'reopened', { reopened_at: day('12:59:59') }],
      ['13:10:00', 'resolved', { reopened_at: day('12:59:59') }],
    ],
    { reopen_count: 1 },
    ['time_to_restore_seconds'],
  ],
  [
    'a resolve and a reopening that were never delivered, told by an event after them',
    [
      ['10:00:00', 'triggered'],
      ['10:05:00', 'acknowledged'],
      ['13:03:00', 'acknowledged', { reopened_at: day('13:00:00') }],
      ['13:10:00', 'resolved', { reopened_at: day('13:00:00') }],
    ],
    { reopen_count: 1 },
    ['time_to_restore_seconds'],
  ],
  [
    'a reopening whose clock runs behind its own reopened_at is counted once',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['11:00:00', 'reopened', { reopened_at: day('11:00:01') }],
      ['11:02:00', 'acknowledged', { reopened_at: day('11:00:01') }],
      ['11:05:00', 'resolved', { reopened_at: day('11:00:01') }],
    ],
    { reopen_count: 1, time_to_restore_seconds: 600 + 300 },
  ],
  [
    'reopened twice, while reopened_at keeps its first value',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['11:00:00', 'reopened', { reopened_at: day('10:59:59') }],
      ['11:05:00', 'resolved', { reopened_at: day('10:59:59') }],
      ['12:00:00', 'reopened', { reopened_at: day('10:59:59') }],
      ['12:01:00', 'resolved', { reopened_at: day('10:59:59') }],
    ],
    { reopen_count: 2, time_to_restore_seconds: 600 + 300 + 60 },
  ],
  [
    'a reopening and a second resolve that were never delivered: not counted, since nobody knows for how long',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['11:10:00', 'priority_updated', { status: 'resolved', reopened_at: day('11:00:00') }],
    ],
    { status: 'resolved', finished_at: day('10:10:00.000'), reopen_count: 0 },
    ['time_to_restore_seconds'],
  ],
  [
    'a reopened_at of long ago, or of the future, tells nothing',
    [
      ['10:00:00', 'triggered', { reopened_at: '2020-10-02T18:45:22Z' }],
      ['10:05:00', 'acknowledged', { reopened_at: '2020-10-02T18:45:22Z' }],
      ['10:06:00', 'reassigned', { reopened_at: '2030-10-02T18:45:22Z' }],
      ['10:10:00', 'resolved', { reopened_at: '2020-10-02T18:45:22Z' }],
      ['10:11:00', 'priority_updated', { status: 'resolved', reopened_at: '2030-10-02T18:45:22Z' }],
      ['10:12:00', 'annotated'],
    ],
    { status: 'resolved', reopen_count: 0, time_to_restore_seconds: 600 },
  ],
  [
    'out of order by 10 minutes: the order of arrival does not matter',
    [
      ['10:32:00', 'resolved'],
      ['10:22:00', 'acknowledged'],
      ['10:00:00', 'triggered'],
      ['10:25:00', 'annotated'],
    ],
    {
      status: 'resolved',
      finished_at: day('10:32:00.000'),
      time_to_acknowledge_seconds: 1320,
      time_to_restore_seconds: 1920,
      event_count: 4,
      note_count: 1,
    },
  ],
  [
    'two events in the same millisecond: triggered first, whatever its id',
    [
      ['10:00:00.132', 'acknowledged', {}, 'A'],
      ['10:00:00.132', 'triggered', {}, 'Z'],
    ],
    { status: 'acknowledged', time_to_acknowledge_seconds: 0 },
  ],
  [
    'two events in the same millisecond: by event id otherwise',
    [
      ['10:05:00.001', 'unacknowledged', {}, 'B'],
      ['10:05:00.001', 'acknowledged', {}, 'A'],
      ['10:00:00', 'triggered', {}, 'C'],
    ],
    { status: 'triggered' },
  ],
  [
    'an annotation just after the resolve does not reopen',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['10:10:00.290', 'annotated'],
    ],
    { status: 'resolved', note_count: 1, last_event_at: day('10:10:00.290') },
  ],
  [
    'acknowledged, unacknowledged, escalated after the resolve: none of them reopens',
    [
      ['10:00:00', 'triggered'],
      ['10:10:00', 'resolved'],
      ['10:11:00', 'unacknowledged'],
      ['10:12:00', 'escalated'],
      ['10:13:00', 'triggered'],
      ['10:14:00', 'something_new'],
    ],
    { status: 'resolved', finished_at: day('10:10:00.000'), reopen_count: 0 },
  ],
  [
    'a resolved incident whose clock runs behind is not finished before it started',
    [['09:59:58', 'resolved']],
    { started_at: day('10:00:00.000'), finished_at: day('10:00:00.000'), time_to_restore_seconds: 0 },
  ],
  [
    'a created_at that later events do not repeat, or tell otherwise',
    [
      ['10:00:05', 'triggered'],
      ['10:01:00', 'acknowledged', { created_at: null }],
      ['10:02:00', 'reassigned', { created_at: day('10:00:30') }],
    ],
    { started_at: day('10:00:00.000') },
  ],
  [
    'title, urgency, type and number as last known',
    [
      ['10:00:00', 'triggered', { title: 'Old', urgency: 'high', number: 7 }],
      ['10:01:00', 'title_updated', { title: 'New', number: null }],
      ['10:02:00', 'urgency_updated', { title: null, urgency: 'low', number: null }],
      [
        '10:03:00',
        'incident_type.changed',
        { title: undefined, urgency: null, number: undefined, incident_type: { name: 'major' } },
      ],
    ],
    { title: 'New', urgency: 'low', incident_type: 'major', number: 7 },
  ],
  [
    'a newer title in the reference of a note, with or without the number before it',
    [
      ['10:00:00', 'triggered', { title: 'Old' }],
      ['10:01:00', 'annotated', { incident: { id: 'Q3TQ4J9VV2GQ5C', summary: '[#2187] Newer' } }],
      ['10:02:00', 'annotated', { incident: { id: 'Q3TQ4J9VV2GQ5C', summary: null } }],
    ],
    { title: 'Newer' },
  ],
  [
    'custom fields: new values, cleared ones gone, others kept',
    [
      ['10:00:00', 'triggered'],
      [
        '10:01:00',
        'custom_field_values.updated',
        {
          custom_fields: [
            { name: 'environment', value: 'prod' },
            { name: 'tier', value: 1 },
          ],
        },
      ],
      [
        '10:02:00',
        'custom_field_values.updated',
        {
          custom_fields: [
            { name: 'environment', value: null },
            { name: 'regions', value: ['a'] },
          ],
        },
      ],
    ],
    { custom_fields: { tier: 1, regions: ['a'] } },
    ['custom_fields.environment'],
  ],
];

describe('a history', () => {
  it.each(histories)('%s', (_name, rows, expected, absent = []) => {
    const actual = row(rows);
    expect(actual).toMatchObject(expected);
    for (const name of absent) expect(actual).not.toHaveProperty(name);
  });

  it.each(histories)('%s, received backwards', (_name, rows) => {
    // Ids are given first: they decide between events of the same millisecond.
    const named = rows.map(
      ([at, type, data, id], index): Row => [
        at,
        type,
        data ?? {},
        id ?? `E${String(index).padStart(3, '0')}`,
      ],
    );
    expect(row([...named].reverse())).toEqual(row(rows));
  });
});
