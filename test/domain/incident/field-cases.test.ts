import { foldAll } from '../../../lib/domain/incident/fold.ts';
import { type FoldEvent, toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import {
  type IncidentAttributes,
  incidentAttributes,
} from '../../../lib/domain/incident/incident-attributes.ts';
import type { LoggedEvent } from '../../../lib/domain/incident/logged-event.ts';
import { events, type Row } from './support.ts';

interface FieldCase {
  why: string;
  events: Row[];
  expect: Partial<IncidentAttributes>;
  absent?: (keyof IncidentAttributes)[];
}

const told = (time: string) => ({ reopened_at: `2026-03-${time}Z` });

/** What people met, each with what is right. The trigger is at 10:00:00.400, `created_at` says 10:00:00. */
const cases: FieldCase[] = [
  {
    why: 'The resolve was lost; two days later a snapshot says resolved.',
    events: [
      ['10:00:00.400', 'triggered'],
      ['04T10:00:00', 'priority_updated', { status: 'resolved' }],
    ],
    expect: { status: 'resolved', inferred: ['finished_at', 'time_to_restore_seconds'] },
    absent: ['time_to_restore_seconds'],
  },
  {
    why: 'Created two days before the bridge came: the first active period is not known, and not zero.',
    events: [
      ['04T02:15:03.200', 'reopened', told('04T02:15:02')],
      ['04T02:25:02', 'resolved', told('04T02:15:02')],
    ],
    expect: { status: 'resolved', inferred: ['time_to_restore_seconds', 'reopen_count'] },
    absent: ['time_to_restore_seconds'],
  },
  {
    why: 'A snapshot says acknowledged before the acknowledgement that was seen.',
    events: [
      ['10:00:00.400', 'triggered'],
      ['10:06:05', 'priority_updated', { status: 'acknowledged' }],
      ['10:12:00', 'escalated'],
      ['10:18:00', 'acknowledged'],
    ],
    expect: {
      acknowledged_at: '2026-03-02T10:06:05.000Z',
      inferred: ['acknowledged_at', 'time_to_acknowledge_seconds'],
    },
    absent: ['time_to_acknowledge_seconds'],
  },
  {
    why: 'An unacknowledgement proves an acknowledgement before it.',
    events: [
      ['10:00:00.400', 'triggered'],
      ['10:30:00', 'unacknowledged'],
      ['10:55:00', 'acknowledged'],
    ],
    expect: {
      acknowledged_at: '2026-03-02T10:30:00.000Z',
      inferred: ['acknowledged_at', 'time_to_acknowledge_seconds'],
    },
    absent: ['time_to_acknowledge_seconds'],
  },
  {
    why: 'Resolved by itself, reopened 36 hours later and acknowledged a minute after that: 20 min and 59 s.',
    events: [
      ['10:00:00.400', 'triggered'],
      ['10:20:00', 'resolved'],
      ['03T22:20:01', 'reopened', told('03T22:20:00')],
      ['03T22:21:00', 'acknowledged'],
    ],
    expect: { time_to_acknowledge_seconds: 1259, acknowledged_at: '2026-03-03T22:21:00.000Z' },
    absent: ['inferred'],
  },
  {
    why: 'Forty minutes of outage in two periods are no day.',
    events: [
      ['10:00:00.400', 'triggered'],
      ['10:30:00', 'resolved'],
      ['03T10:00:01', 'reopened', told('03T10:00:00')],
      ['03T10:10:01', 'resolved', told('03T10:00:00')],
    ],
    expect: { time_to_restore_seconds: 2400, reopen_count: 1 },
    absent: ['inferred'],
  },
];

const attributesOf = (logged: readonly FoldEvent[]) =>
  incidentAttributes(foldAll('Q3TQ4J9VV2GQ5C', logged), { severity: {} });

function* orders<T>(list: readonly T[]): Generator<T[]> {
  if (list.length < 2) yield [...list];
  for (const [index, first] of list.entries()) {
    for (const rest of orders(list.toSpliced(index, 1))) yield [first, ...rest];
  }
}

describe('a case from the field', () => {
  it.each(cases)('$why', ({ events: rows, expect: expected, absent = [] }) => {
    for (const order of orders(events(rows).map(toFoldEvent))) {
      const row = attributesOf(order);
      expect(row).toMatchObject(expected);
      for (const name of absent) expect(row[name]).toBeUndefined();
    }
  });
});

describe('an event dated in the future', () => {
  const received = '2026-03-02T10:05:00.000Z';
  const dated = (rows: Row[], at: string): LoggedEvent[] =>
    events(rows).map((event) =>
      event.eventType === 'incident.triggered'
        ? event
        : {
            ...event,
            occurredAt: at,
            receivedAt: received,
            logKey: event.logKey.replace(event.occurredAt, at),
          },
    );
  const acknowledgement: Row[] = [
    ['10:00:00.400', 'triggered'],
    ['10:03:00', 'acknowledged'],
  ];

  it('makes no number: it counts as of when it was received, and is marked', () => {
    const row = attributesOf(dated(acknowledgement, '2099-06-01T10:00:00.000Z').map(toFoldEvent));
    expect(row).toMatchObject({
      status: 'acknowledged',
      acknowledged_at: received,
      last_event_at: received,
      inferred: ['acknowledged_at', 'time_to_acknowledge_seconds'],
    });
    expect(row.time_to_acknowledge_seconds).toBeUndefined();
  });

  it('within a day of clock skew is taken at its word', () => {
    const row = attributesOf(dated(acknowledgement, '2026-03-03T10:04:59.000Z').map(toFoldEvent));
    expect(row).toMatchObject({ acknowledged_at: '2026-03-03T10:04:59.000Z' });
    expect(row.inferred).toBeUndefined();
  });

  it.each<[string, Row, (keyof IncidentAttributes)[]]>([
    ['resolve', ['10:03:00', 'resolved'], ['finished_at', 'time_to_restore_seconds']],
    ['reopening', ['10:03:00', 'reopened'], ['time_to_restore_seconds', 'reopen_count']],
  ])('a %s too', (_what, row, inferred) => {
    const rows: Row[] = [['10:00:00.400', 'triggered'], row];
    const last = row[1] === 'reopened' ? events([['10:04:00', 'resolved', {}, 'E9']]) : [];
    const all = [...dated(rows, '2099-06-01T10:00:00.000Z'), ...last].map(toFoldEvent);
    const names = attributesOf(all).inferred ?? [];
    if (row[1] === 'resolved') expect(names).toEqual(inferred);
    // It stands last in the log: the incident is open again, and for how long it was nobody can say.
    else expect(names).toEqual(['reopen_count']);
  });

  it('a start of the future is no start', () => {
    const [event] = events([['10:00:00.400', 'triggered', { created_at: '2099-01-01T00:00:00Z' }]]);
    const row = attributesOf([toFoldEvent(event as LoggedEvent)]);
    expect(row.started_at).toBe('2026-03-02T10:00:00.400Z');
  });
});
