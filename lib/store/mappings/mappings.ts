import type { Match, Pin } from '../../domain/matching/match.ts';
import type { PagerDutyRef } from '../../domain/pagerduty/reference.ts';
import { iso } from '../database/due.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, query, removeIf, update } from '../database/request.ts';

const table = 'mappings';
const key = (serviceId: string): Row => ({ pagerduty_service_id: serviceId });

/** What the bridge needs to know of a mapping row before it matches. */
export interface Mapping {
  serviceId: string;
  name?: string;
  url?: string;
  teams: string[];
  /** `occurred_at` of the event the name, URL and teams were taken from. */
  seenAt?: string;
  pin?: Pin;
}

/** A person may have typed a list, a string set or a single string into `pinned_services`. */
export function toPin(row: Row): Pin | undefined {
  const given = row['pinned_services'];
  const list = given instanceof Set ? [...given] : Array.isArray(given) ? given : [given];
  const services = list.filter((name): name is string => typeof name === 'string' && name.trim() !== '');
  const team = typeof row['pinned_team'] === 'string' ? row['pinned_team'].trim() : '';
  if (services.length === 0 && team === '') return undefined;
  return { services: services.map((name) => name.trim()).sort(), ...(team ? { team } : {}) };
}

export function toMapping(row: Row): Mapping {
  const pin = toPin(row);
  return {
    serviceId: String(row['pagerduty_service_id']),
    teams: Array.isArray(row['pagerduty_teams']) ? row['pagerduty_teams'].map(String) : [],
    ...(typeof row['pagerduty_service_name'] === 'string' ? { name: row['pagerduty_service_name'] } : {}),
    ...(typeof row['pagerduty_service_url'] === 'string' ? { url: row['pagerduty_service_url'] } : {}),
    ...(typeof row['seen_at'] === 'string' ? { seenAt: row['seen_at'] } : {}),
    ...(pin ? { pin } : {}),
  };
}

export async function readMapping(store: Store, serviceId: string): Promise<Mapping | undefined> {
  const row = await get(store, table, key(serviceId));
  return row && toMapping(row);
}

export interface MappingUpdate {
  service: PagerDutyRef;
  teams: PagerDutyRef[];
  /** `occurred_at` of the event the service's name and teams were taken from. */
  seenAt: string;
  match: Match;
  matchedAtMs: number;
  incident?: { id: string; at: string };
  /** An incident is being held for this service: `sweep` must watch it. */
  held: boolean;
  deleted?: boolean;
}

type FilledMapping = Omit<MappingUpdate, 'incident' | 'held' | 'deleted'>;

const factsOf = ({ service, teams, seenAt, match, matchedAtMs }: FilledMapping): Row => ({
  pagerduty_service_name: service.name,
  pagerduty_service_url: service.url,
  pagerduty_teams: teams.map((team) => team.name ?? team.id),
  seen_at: seenAt,
  rule: match.rule,
  services: match.services,
  team: match.team,
  explanation: match.explanation,
  trace: match.trace,
  matched_at: iso(matchedAtMs),
});

/**
 * Shows people the current match of a service. Never touches what a person pinned. A row that knows a later event
 * stays as it is: name and teams there are newer. That incidents are held is noted on it all the same.
 */
export async function writeMapping(store: Store, mapping: MappingUpdate): Promise<void> {
  const { incident } = mapping;
  const held = mapping.held ? { held: 'held', held_at: iso(mapping.matchedAtMs) } : {};
  const facts = {
    ...factsOf(mapping),
    ...held,
    ...(mapping.deleted ? { deleted: true } : {}),
  };
  const seen = { when: unseen, values: { seen: mapping.seenAt } };
  const last = incident && { last_incident_id: incident.id, last_incident_at: incident.at };
  if (last) {
    // Mostly both are news, and one write is enough.
    const both = { when: `(${unseen}) AND (${notLater})`, values: { ...seen.values, at: incident.at } };
    if (await update(store, table, key(mapping.service.id), { ...both, set: { ...facts, ...last } })) return;
    const values = { at: incident.at };
    await update(store, table, key(mapping.service.id), { when: notLater, values, set: last });
  }
  const row = await update(store, table, key(mapping.service.id), { ...seen, set: facts });
  if (!row && mapping.held) await update(store, table, key(mapping.service.id), { set: held });
}

/** The same of a service that no event has told of yet, as the account lists it. False if one has. */
export async function fillMapping(store: Store, mapping: FilledMapping): Promise<boolean> {
  const when = 'attribute_not_exists(#seen_at)';
  const set = factsOf(mapping);
  return (await update(store, table, key(mapping.service.id), { set, when })) !== undefined;
}

const unseen = 'attribute_not_exists(#seen_at) OR #seen_at <= :seen';
/** Incidents are judged in any order: the last one is not always the one judged last. */
const notLater = 'attribute_not_exists(#last_incident_at) OR #last_incident_at <= :at';

export interface HeldService {
  serviceId: string;
  name?: string;
  pin?: Pin;
  heldAt: string;
}

/** The services incidents are held for, with what a person may have pinned since (eventually consistent). */
export async function heldServices(store: Store): Promise<HeldService[]> {
  const rows = await query(store, table, {
    index: 'held',
    keys: '#held = :held',
    values: { held: 'held' },
  });
  return rows.map((row) => {
    const pin = toPin(row);
    return {
      serviceId: String(row['pagerduty_service_id']),
      heldAt: String(row['held_at'] ?? ''),
      ...(typeof row['pagerduty_service_name'] === 'string' ? { name: row['pagerduty_service_name'] } : {}),
      ...(pin ? { pin } : {}),
    };
  });
}

/** Stops watching a service, unless an incident was held for it since `heldAt`. */
export async function unwatchService(store: Store, serviceId: string, heldAt: string): Promise<void> {
  await update(store, table, key(serviceId), {
    remove: ['held', 'held_at'],
    when: '#held_at = :seen',
    values: { seen: heldAt },
  });
}

/** Who pinned a service, when and why. */
export interface PinnedBy {
  by: string;
  atMs: number;
  note?: string | undefined;
}

/** Pins a service by hand of a person; creates the row when the service has not been seen yet. */
export async function pinService(store: Store, serviceId: string, pin: Pin, said?: PinnedBy): Promise<void> {
  await update(store, table, key(serviceId), {
    set: {
      pinned_services: pin.services.length ? pin.services : undefined,
      pinned_team: pin.team,
      pinned_by: said?.by,
      pinned_at: said && iso(said.atMs),
      pinned_note: said?.note,
    },
  });
}

export async function unpinService(store: Store, serviceId: string): Promise<void> {
  await update(store, table, key(serviceId), {
    remove: ['pinned_services', 'pinned_team', 'pinned_by', 'pinned_at', 'pinned_note'],
    when: 'attribute_exists(#pagerduty_service_id)',
  });
}

/** Removes a service's row, unless incidents are held for it: its row is where `sweep` finds them. */
export async function forgetMapping(
  store: Store,
  serviceId: string,
): Promise<'forgotten' | 'held' | 'not_found'> {
  const when = 'attribute_exists(#pagerduty_service_id) AND attribute_not_exists(#held)';
  if (await removeIf(store, table, key(serviceId), when)) return 'forgotten';
  return (await readMapping(store, serviceId)) ? 'held' : 'not_found';
}
