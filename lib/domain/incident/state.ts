import type { IncidentReport } from '../incident-report/incident-report.ts';
import type { Given } from '../matching/match.ts';
import type { ConferenceBridge, IncidentStatus } from '../pagerduty/incident-snapshot.ts';
import type { PagerDutyRef } from '../pagerduty/reference.ts';
import { derivedId } from '../subject/derived-id.ts';

/**
 * The fold's memory: plain JSON, kept on the incident's row, so that the next event needs no other. It must not
 * grow with the number of events: periods that are over are a sum, everything that repeats is a count.
 * Times are ISO 8601, UTC, milliseconds; of equal form, so they compare as text. An absent key means not known.
 */
export interface IncidentState {
  incident_id: string;
  event_count: number;
  /** Events by type; unusual type names are counted together as `other`. */
  counts: Record<string, number>;
  first_event_at?: string;
  last_event_at?: string;
  /** The log key folded last. */
  last_key?: string;

  number?: number;
  title?: string;
  url?: string;
  urgency?: string;
  priority?: string;
  incident_type?: string;
  incident_key?: string;
  assignees?: PagerDutyRef[];
  escalation_policy?: PagerDutyRef;
  client?: IncidentClient;
  conference_bridge?: ConferenceBridge;
  created_at?: string;
  custom_fields: Record<string, unknown>;
  /** A person had a hand in it: some event names a user as its agent. */
  person?: true;

  /** Absent until an event has told it. */
  status?: IncidentStatus;
  /** When `incident.triggered` says it happened. Absent while the beginning was not seen. */
  triggered_at?: string;
  /** First acknowledgement. */
  acknowledged_at?: string;
  /** No first acknowledgement was seen: `acknowledged_at` is when a later event proved that there had been one. */
  acknowledge_inferred?: true;
  /** How long it had been resolved, all in all, before its first acknowledgement. */
  resolved_ms_before_acknowledge?: number;
  /** The active time before the first acknowledgement rests on something that was not seen. */
  response_inferred?: Inference;
  /** The resolve in force. */
  resolved_at?: string;
  /** No resolve was seen; a later event's snapshot said `resolved`. The resolve itself corrects the time. */
  resolve_inferred?: true;
  /** An event seen after the resolve in force contradicts it: a reopening must have been missed. */
  resolve_doubted?: true;
  /** Start of the active period, if it is not the incident's start. */
  active_since?: string;
  /** When the incident was last seen open: as far as an active period counts whose resolve was missed. */
  active_seen_at?: string;
  /** The last reopening taken into account. */
  reopened_at?: string;
  /** The last `reopened_at` of a snapshot that was taken into account. */
  reopened_told?: string;
  /** The present period's beginning is known by a snapshot's `reopened_at` only. */
  reopening_inferred?: true;
  /** Length of the closed active periods. */
  active_ms: number;
  /** A closed active period rests on something that was not seen. */
  active_inferred?: Inference;
  reopen_count: number;
  merged_into?: string;

  /** Where the incident is now. Absent while no event has named a service. */
  service?: PagerDutyRef;
  teams: PagerDutyRef[];
  /** Which visit to this service it is, from 1. */
  visit: number;
  move_count: number;
  /** Services it left, the last one last; at most 20. */
  left_services: LeftService[];

  /** What other programs have told; absent on PagerDuty's incidents. */
  reported?: ReportedFacts;
  /** Who reported it has taken it back: it never was a failure. */
  withdrawn_at?: string;
}

/** Each as it was received last. */
export type GivenFacts = Partial<Omit<IncidentReport, 'source' | 'external_id'>>;

export interface ReportedFacts {
  external_id: string;
  /** Of the report that was received first, and when that was. */
  source: string;
  first?: string;
  facts: GivenFacts;
  /** When each fact was received. */
  told: Record<string, string>;
}

/** `near`: off by seconds at most, if nothing else was missed. `unknown`: any number would be a guess. */
export type Inference = 'near' | 'unknown';

/** The program an incident came from. */
export interface IncidentClient {
  name?: string;
  url?: string;
}

export interface LeftService {
  id: string;
  name?: string;
  visits: number;
  left_at: string;
}

export function initialState(incidentId: string): IncidentState {
  return {
    incident_id: incidentId,
    event_count: 0,
    counts: {},
    custom_fields: {},
    active_ms: 0,
    reopen_count: 0,
    teams: [],
    visit: 0,
    move_count: 0,
    left_services: [],
  };
}

/** One uninterrupted time at one PagerDuty service. It is matched once. */
export interface ServiceStay {
  /** `<service id>#<ordinal of the visit>` */
  key: string;
  service: PagerDutyRef;
  teams: PagerDutyRef[];
}

/** An incident that names its catalog services or its team itself, for as long as it names these. */
export interface GivenStay {
  /** `given#<digest of the names>` */
  key: string;
  given: Given;
}

export type Stay = ServiceStay | GivenStay;

export function stayOf(state: IncidentState): Stay | undefined {
  if (state.reported !== undefined) return givenStay(state.reported);
  if (state.service === undefined) return undefined;
  return { key: `${state.service.id}#${state.visit}`, service: state.service, teams: state.teams };
}

function givenStay({ source, facts: { services = [], team } }: ReportedFacts): GivenStay | undefined {
  if (services.length === 0 && team === undefined) return undefined;
  const key = `given#${derivedId([services, team ?? null]).slice(0, 12)}`;
  return { key, given: { source, services, ...(team !== undefined && { team }) } };
}

/** How many events of one type there were. */
export function countOf(state: Pick<IncidentState, 'counts'>, eventType: string): number {
  return Object.hasOwn(state.counts, eventType) ? (state.counts[eventType] ?? 0) : 0;
}
