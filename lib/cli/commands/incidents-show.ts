import { cell, plain, when } from '../../adapters/terminal/plain.ts';
import { printable, renderTable } from '../../adapters/terminal/table.ts';
import { describeEffect } from '../../domain/incident/describe-effect.ts';
import { fold } from '../../domain/incident/fold.ts';
import { toFoldEvent } from '../../domain/incident/fold-event.ts';
import { initialState } from '../../domain/incident/state.ts';
import type { Store } from '../../store/database/dynamo.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { deliveriesOf } from '../../store/deliveries/list.ts';
import { readLog } from '../../store/events/events.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { frozenKeys } from '../../store/outgoing/outgoing.ts';
import { incidentKey } from '../incident-key.ts';
import { failed, type Io, printJson } from '../io.ts';
import { resolveTarget, type TargetOptions } from '../target.ts';
import { toldOtherwise } from './told-otherwise.ts';

interface Moment {
  occurred_at: string;
  received_at: string;
  event_id: string;
  event_type: string;
  effect: string;
  /** Absent while it is not frozen. */
  sequence?: number;
  deliveries: Record<string, unknown>[];
}

/** An incident's row, its timeline, and who was told what. */
export async function show(given: string, options: TargetOptions & { json?: true }, io: Io): Promise<void> {
  const { store } = await resolveTarget(options, io);
  const id = await incidentKey(store, given);
  const [row, timeline, deliveries] = await Promise.all([
    readIncident(store, id),
    timelineOf(store, id),
    deliveriesOf(store, id),
  ]);
  if (!row && timeline.length === 0) {
    throw failed('not_found', `There is no incident ${given}. \`pdbridge incidents ls\` lists them.`);
  }
  const differing = row ? await toldOtherwise(store, row, deliveries) : [];
  if (options.json)
    return printJson(io, { incident: row ? plain(row) : null, told_otherwise: differing, timeline });
  for (const [label, value] of facts(row ?? {})) {
    if (value !== undefined) io.out(`${label.padEnd(16)}${printable(value)}\n`);
  }
  for (const { destination, services, team } of differing) {
    const whose = [...services, ...(team === undefined ? [] : [`team ${team}`])].join(', ') || 'nobody';
    io.out(
      `${'differs'.padEnd(16)}${printable(`${destination} was told that it belongs to ${whose}; incidents rematch ${id} --resend corrects what can be corrected`)}\n`,
    );
  }
  io.out(`\n${renderTable(columns, timeline, io.columns)}`);
}

async function timelineOf(store: Store, id: string): Promise<Moment[]> {
  const [log, sequences, deliveries] = await Promise.all([
    readLog(store, id),
    frozenKeys(store, id),
    deliveriesOf(store, id),
  ]);
  let after = initialState(id);
  return log.map((event) => {
    const before = after;
    after = fold(before, toFoldEvent(event));
    const sequence = sequences.get(event.logKey);
    return {
      occurred_at: event.occurredAt,
      received_at: event.receivedAt,
      event_id: event.eventId,
      event_type: event.eventType,
      effect: describeEffect({ event, before, after }),
      ...(sequence !== undefined && { sequence }),
      deliveries: deliveries.filter((row) => row['sequence'] === sequence).map(plain),
    };
  });
}

function facts(row: Row): [string, string | undefined][] {
  const matches = (row['matches'] ?? []) as { stay: string; rule: string; explanation: string }[];
  const number = (name: string) => (row[name] === undefined ? undefined : `${row[name]} s`);
  return [
    [
      'incident',
      `${cell(row, 'incident_id')} ${row['number'] === undefined ? '' : `#${row['number']} `}${cell(row, 'title') ?? ''}`,
    ],
    ['reported by', reportedBy(row)],
    ['url', cell(row, 'url')],
    ['status', cell(row, 'status')],
    ['taken back', when(row['withdrawn_at'])],
    ['services', cell(row, 'services')],
    ['team', cell(row, 'team')],
    ['environment', cell(row, 'env')],
    ['severity', cell(row, 'severity')],
    ['started', when(row['started_at'])],
    ['finished', when(row['finished_at'])],
    ['acknowledged in', number('time_to_acknowledge_seconds')],
    ['restored in', number('time_to_restore_seconds')],
    ['not exact', cell(row, 'inferred')],
    ['merged into', cell(row, 'merged_into')],
    [
      'forwarding',
      [cell(row, 'forwarding'), cell(row, 'held_reason') ?? cell(row, 'reason')].filter(Boolean).join(': '),
    ],
    ['PagerDuty said', answerOf(row)],
    ['cause', causeOf(row)],
    ...matches.map(({ stay, rule, explanation }): [string, string] => [
      'match',
      `${stay} by ${rule}: ${explanation}`,
    ]),
  ];
}

/** Why asking PagerDuty for an incident that no event tells of came to nothing, and when that was. */
function answerOf(row: Row): string | undefined {
  const answer = cell(row, 'pagerduty_answer');
  return answer && `${answer}, ${when(row['pagerduty_asked_at'])}`;
}

/** What caused it and why that is so; undefined while nobody has judged. */
function causeOf(row: Row): string | undefined {
  const rule = cell(row, 'cause_rule');
  if (rule === undefined) return undefined;
  const id = cell(row, 'cause_deployment_id');
  const { remediation_id } = (row['cause_deployment'] ?? {}) as Row;
  const mended = remediation_id === undefined ? '' : ` Put right by ${remediation_id}.`;
  return `${id ?? 'no deployment'} by ${rule}: ${cell(row, 'cause_explanation')}${mended}`;
}

/** Who reported it, and under which id; undefined for PagerDuty's. */
function reportedBy(row: Row): string | undefined {
  const id = cell(row, 'external_id');
  return id === undefined ? undefined : `${cell(row, 'source')} as ${id}`;
}

const columns = [
  { title: 'TIME (UTC)', cell: (moment: Moment) => when(moment.occurred_at) },
  { title: 'SEQ', cell: (moment: Moment) => moment.sequence },
  { title: 'WHAT HAPPENED', cell: (moment: Moment) => moment.effect },
  {
    title: 'FORWARDED',
    cell: ({ deliveries, sequence }: Moment) =>
      deliveries
        .map((row) => `${row['destination']} ${row['status']}${row['reason'] ? ` (${row['reason']})` : ''}`)
        .join(', ') || (sequence === undefined ? 'not yet' : undefined),
  },
];
