import type { Manner } from '../account/account-plan.ts';
import type { Dice } from '../dice.ts';
import {
  envelope,
  type IncidentPicture,
  incidentData,
  incidentReference,
  type SentEvent,
  type ServicePicture,
} from './incident-picture.ts';

/** Who an incident can happen to. */
export interface Cast {
  services: ServicePicture[];
  priorities: string[];
}

type Telling = [type: string, data: Record<string, unknown>];

interface Act {
  weight: number;
  possible(picture: IncidentPicture): boolean;
  play(picture: IncidentPicture, at: number, dice: Dice, cast: Cast): Telling;
}

const open = ({ status }: IncidentPicture) => status !== 'resolved';
const always = () => true;
const iso = (ms: number) => new Date(ms).toISOString();

/** An act that changes the picture and is told with the whole incident. */
const told =
  (type: string, change: (picture: IncidentPicture, at: number, dice: Dice, cast: Cast) => void) =>
  (picture: IncidentPicture, at: number, dice: Dice, cast: Cast): Telling => {
    change(picture, at, dice, cast);
    return [type, incidentData(picture)];
  };

/** An act that is told with a reference to the incident only. */
const thin =
  (type: string, dataType: string, more: (dice: Dice) => Record<string, unknown> = () => ({})) =>
  (picture: IncidentPicture, _at: number, dice: Dice): Telling => [
    type,
    { id: `P${dice.id(6)}`, type: dataType, incident: incidentReference(picture), ...more(dice) },
  ];

/** Whom it goes to has not acknowledged it. */
const handOver = (picture: IncidentPicture) => {
  if (picture.handsOver && picture.status === 'acknowledged') picture.status = 'triggered';
};

const field = (name: string, value: unknown) => ({
  id: `PF${name.toUpperCase()}`,
  name,
  type: 'field_value',
  namespace: 'incidents',
  data_type: 'string',
  field_type: 'single_value',
  value,
});

const acts: Act[] = [
  {
    weight: 6,
    possible: ({ status }) => status === 'triggered',
    play: told('incident.acknowledged', (picture) => {
      picture.status = 'acknowledged';
    }),
  },
  {
    weight: 6,
    possible: open,
    play: told('incident.resolved', (picture) => {
      picture.status = 'resolved';
    }),
  },
  {
    weight: 1,
    possible: open,
    play: told('incident.resolved', (picture, _at, dice) => {
      picture.status = 'resolved';
      picture.mergedInto = `Q${dice.id(13)}`;
    }),
  },
  {
    weight: 4,
    possible: ({ status, mergedInto }) => status === 'resolved' && mergedInto === null,
    play: told('incident.reopened', (picture, at) => {
      picture.status = 'triggered';
      picture.reopenedAt = iso(at - 1000);
    }),
  },
  {
    weight: 1,
    possible: ({ status }) => status === 'acknowledged',
    play: told('incident.unacknowledged', (picture) => {
      picture.status = 'triggered';
    }),
  },
  {
    weight: 2,
    possible: always,
    play: told('incident.priority_updated', (picture, _at, dice, cast) => {
      picture.priority = dice.chance(0.2) ? null : dice.pick(cast.priorities);
    }),
  },
  {
    weight: 1,
    possible: open,
    play: told('incident.service_updated', (picture, _at, dice, cast) => {
      picture.service = dice.pick(cast.services);
      picture.teams = picture.service.teams;
    }),
  },
  { weight: 1, possible: open, play: told('incident.escalated', handOver) },
  { weight: 1, possible: open, play: told('incident.reassigned', () => {}) },
  { weight: 0.5, possible: open, play: told('incident.delegated', handOver) },
  {
    weight: 0.5,
    possible: open,
    play: told('incident.title_updated', (picture, _at, dice) => {
      picture.title = `Renamed ${dice.id(4)} — ünïcode`;
    }),
  },
  { weight: 0.3, possible: open, play: told('incident.something_new', () => {}) },
  {
    weight: 2,
    possible: always,
    play: thin('incident.annotated', 'incident_note', () => ({ content: 'Looking into it' })),
  },
  {
    weight: 0.5,
    possible: always,
    play: thin('incident.status_update_published', 'incident_status_update', () => ({
      message: 'Still on it',
    })),
  },
  {
    weight: 1,
    possible: always,
    play: (picture, _at, dice) => [
      'incident.custom_field_values.updated',
      {
        type: 'incident_field_values',
        incident: { ...incidentReference(picture), summary: null },
        custom_fields: [field(dice.pick(['impact', 'region']), dice.pick(['a', 'b', null]))],
        changed_custom_fields: [],
      },
    ],
  },
  {
    weight: 0.3,
    possible: open,
    play: (picture) => [
      'incident.role.assigned',
      {
        type: 'incident_role_assignment',
        incident_role_assignments: [{ incident: incidentReference(picture), role: { id: 'PROLE01' } }],
      },
    ],
  },
];

/** Event ids are opaque: PagerDuty uses several forms. */
export function eventId(dice: Dice): string {
  const form = dice.unit();
  if (form < 0.7) return `01${dice.id(24)}`;
  if (form < 0.9) return `${dice.id(8)}-${dice.id(4)}-${dice.id(4)}-${dice.id(12)}`.toLowerCase();
  return `${dice.between(1, 9)}${String(dice.between(0, 999_999_999)).padStart(9, '0')}${dice.between(100_000, 999_999)}`;
}

/** Tells what happens to one incident, from its start on: a coherent list of events in their order of occurrence. */
export function tellIncident(
  dice: Dice,
  cast: Cast,
  startMs: number,
  number: number,
  length: number,
  manner?: Manner,
): SentEvent[] {
  const service = dice.pick(cast.services);
  const created = startMs - (startMs % 1000);
  const picture: IncidentPicture = {
    id: dice.chance(0.7) ? `Q${dice.id(13)}` : `P${dice.id(6)}`,
    number,
    title: `Incident ${number} on ${service.name}`,
    status: 'triggered',
    urgency: dice.pick(['high', 'low'] as const),
    priority: dice.chance(0.5) ? dice.pick(cast.priorities) : null,
    createdAt: iso(created).replace('.000', ''),
    reopenedAt: null,
    service,
    teams: service.teams,
    mergedInto: null,
    ...(manner?.isLikePagerDuty && { handsOver: true }),
  };
  const events: SentEvent[] = [];
  const tell = (at: number, [type, data]: Telling) => {
    const id = eventId(dice);
    events.push({
      eventId: id,
      incidentId: picture.id,
      type,
      occurredAtMs: at,
      body: envelope(id, type, at, data),
    });
  };
  // Machines that flap make many events within a second.
  const burst = dice.chance(0.35);
  let at = startMs;
  tell(at, ['incident.triggered', incidentData(picture)]);
  while (events.length < length) {
    const possible = acts.filter((act) => act.possible(picture));
    let roll = dice.unit() * possible.reduce((sum, { weight }) => sum + weight, 0);
    const act = possible.find(({ weight }) => {
      roll -= weight;
      return roll <= 0;
    });
    if (!act) break;
    const quiet = picture.status === 'resolved' && dice.chance(0.15);
    const pause = () => dice.spread(150, dice.chance(0.2) ? 14_400_000 : 300_000);
    if (quiet) at += dice.between(30, 40) * 3_600_000;
    else at += Math.max(manner?.apartMs ?? 0, burst && dice.chance(0.7) ? dice.spread(1, 120) : pause());
    tell(at, act.play(picture, at, dice, cast));
  }
  return events;
}
