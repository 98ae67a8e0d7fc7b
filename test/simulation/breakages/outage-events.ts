import type { Dice } from '../dice.ts';
import {
  envelope,
  type IncidentPicture,
  incidentData,
  type SentEvent,
  type ServicePicture,
} from '../pagerduty/incident-picture.ts';
import { eventId } from '../pagerduty/incident-story.ts';

/** What PagerDuty knows of one incident: from when to when, and whether it went on as another one. */
export interface Outage {
  id: string;
  startedAt: number;
  /** Absent of one that nobody ends. */
  endedAt?: number;
  /** It was over once before, for so long. */
  quietMs?: number;
  mergedInto?: string;
  events: SentEvent[];
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Its events in their order. It begins and ends with whole seconds, which is what PagerDuty says of them. */
export function tellOutage(
  dice: Dice,
  service: ServicePicture,
  number: number,
  { id, startedAt, endedAt, quietMs, mergedInto }: Omit<Outage, 'events'>,
): SentEvent[] {
  const picture: IncidentPicture = {
    id,
    number,
    title: `Outage ${number}`,
    status: 'triggered',
    urgency: dice.pick(['high', 'low'] as const),
    priority: dice.pick(['P1', 'P2', null]),
    createdAt: iso(startedAt).replace('.000', ''),
    reopenedAt: null,
    service,
    teams: service.teams,
    mergedInto: null,
  };
  const events: SentEvent[] = [];
  const tell = (type: string, at: number, change: Partial<IncidentPicture> = {}) => {
    Object.assign(picture, change);
    const own = eventId(dice);
    const body = envelope(own, type, at, incidentData(picture));
    events.push({ eventId: own, incidentId: id, type, occurredAtMs: at, body });
  };
  const until = endedAt ?? startedAt + 10 * 60_000;
  tell('incident.triggered', startedAt);
  if (dice.chance(0.5))
    tell('incident.acknowledged', between(dice, startedAt, until, 0.2), { status: 'acknowledged' });
  if (endedAt === undefined) return events;
  if (quietMs !== undefined) {
    const first = endedAt - quietMs - 30_000;
    tell('incident.resolved', first, { status: 'resolved' });
    const again = first + quietMs;
    tell('incident.reopened', again, { status: 'triggered', reopenedAt: iso(again - 1000) });
  }
  tell('incident.resolved', endedAt, { status: 'resolved', mergedInto: mergedInto ?? null });
  return events;
}

/** Some time in the first part of it. */
const between = (dice: Dice, from: number, until: number, part: number) =>
  from + dice.between(500, Math.max(500, Math.floor((until - from) * part)));
