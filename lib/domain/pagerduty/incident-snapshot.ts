import { items, member, readName, readReference, readTeams, readText, readTime } from './loose.ts';
import type { PagerDutyRef } from './reference.ts';

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';

/** Where people talk about an incident. Numbers have been seen as text and as JSON numbers. */
export interface ConferenceBridge {
  number?: string;
  url?: string;
}

/** What data of type `incident` says. Undefined: not told. `priority: null`: told that there is none. */
export interface IncidentSnapshot {
  number?: number;
  title?: string;
  url?: string;
  status?: IncidentStatus;
  urgency?: string;
  priority?: string | null;
  incidentType?: string;
  key?: string;
  assignees?: PagerDutyRef[];
  escalationPolicy?: PagerDutyRef;
  conferenceBridge?: ConferenceBridge;
  createdAt?: string;
  reopenedAt?: string;
  service?: PagerDutyRef;
  teams?: PagerDutyRef[];
  /** The incident this one was merged into, if that is why it was resolved; `unknown` if it is not named. */
  mergedInto?: string;
}

export function readIncidentSnapshot(data: unknown): IncidentSnapshot {
  return dropUndefined({
    number: readNumber(member(data, 'number')),
    title: readText(member(data, 'title')),
    url: readText(member(data, 'html_url'), 2048),
    status: readStatus(member(data, 'status')),
    urgency: readText(member(data, 'urgency'), 64),
    priority: readPriority(member(data, 'priority')),
    key: readText(member(data, 'incident_key'), 255),
    assignees: readTeams(member(data, 'assignees')),
    escalationPolicy: withoutUrl(readReference(member(data, 'escalation_policy'))),
    conferenceBridge: readConferenceBridge(member(data, 'conference_bridge')),
    incidentType: readText(member(member(data, 'incident_type'), 'name'), 128),
    createdAt: readTime(member(data, 'created_at')),
    reopenedAt: readTime(member(data, 'reopened_at')),
    service: readReference(member(data, 'service')),
    teams: readTeams(member(data, 'teams')),
    mergedInto: readMergedInto(member(data, 'resolve_reason')),
  });
}

export function readConferenceBridge(value: unknown): ConferenceBridge | undefined {
  const [first] = items(member(value, 'conference_numbers')) ?? [];
  const given = member(value, 'conference_number') ?? member(first, 'number');
  const number = readText(typeof given === 'number' ? String(given) : given, 128);
  const url = readText(member(value, 'conference_url'), 2048);
  if (number === undefined && url === undefined) return undefined;
  return { ...(number !== undefined && { number }), ...(url !== undefined && { url }) };
}

function withoutUrl(reference: PagerDutyRef | undefined): PagerDutyRef | undefined {
  if (reference === undefined) return undefined;
  const { id, name } = reference;
  return { id, ...(name !== undefined && { name }) };
}

function readStatus(value: unknown): IncidentStatus | undefined {
  return value === 'triggered' || value === 'acknowledged' || value === 'resolved' ? value : undefined;
}

function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

function readPriority(value: unknown): string | null | undefined {
  return value === null ? null : readName(value);
}

function readMergedInto(reason: unknown): string | undefined {
  const type = member(reason, 'type');
  if (typeof type !== 'string' || !type.includes('merge')) return undefined;
  return readReference(member(reason, 'incident'))?.id ?? 'unknown';
}

/** The same without the keys that hold undefined: absent and undefined must not be two states of one fact. */
export function dropUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
