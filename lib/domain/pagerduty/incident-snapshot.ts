import { member, readName, readReference, readTeams, readText, readTime } from './loose.ts';
import type { PagerDutyRef } from './reference.ts';

export type IncidentStatus = 'triggered' | 'acknowledged' | 'resolved';

/** What data of type `incident` says. Undefined: not told. `priority: null`: told that there is none. */
export interface IncidentSnapshot {
  number?: number;
  title?: string;
  url?: string;
  status?: IncidentStatus;
  urgency?: string;
  priority?: string | null;
  incidentType?: string;
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
    incidentType: readText(member(member(data, 'incident_type'), 'name'), 128),
    createdAt: readTime(member(data, 'created_at')),
    reopenedAt: readTime(member(data, 'reopened_at')),
    service: readReference(member(data, 'service')),
    teams: readTeams(member(data, 'teams')),
    mergedInto: readMergedInto(member(data, 'resolve_reason')),
  });
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
