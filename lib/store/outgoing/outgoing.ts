import { type DeploymentEvent, orderDeploymentEvent } from '../../domain/deployment/deployment-event.ts';
import { isDeploymentEvent, type OutgoingEvent } from '../../domain/destination/outgoing-event.ts';
import type { IncidentEvent } from '../../domain/incident/incident-event.ts';
import { orderIncidentEvent } from '../../domain/incident/order-incident-event.ts';
import type { FactsBeside } from '../../domain/incident-filter/counted-facts.ts';
import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { get, putNew, query, update } from '../database/request.ts';

/** One frozen event: what every attempt and every redrive renders from. */
export interface Outgoing {
  incidentId: string;
  sequence: number;
  eventId: string;
  /** The event's place in the log. */
  logKey: string;
  frozenAt: string;
  receivedAt: string;
  /** Names of the destinations that are owed it. */
  destinations: string[];
  /** Those among them whose `only` or `counts` leaves it out: it is kept for them. */
  leftOut: string[];
  /** Those for which the incident begins to count with it, so that what was left out before becomes due. */
  begins: string[];
  /** It was not brought by a webhook: it corrects what its destinations were told. */
  corrects: boolean;
  /** What a filter looks at and the incident event does not tell. */
  beside: FactsBeside;
  /** The stay whose match it carries. */
  stay: string;
  envHeader?: string;
  /** Set when it leaves for nobody: why. */
  skipped?: string;
  event: OutgoingEvent;
  expiresAt: number;
}

function toOutgoing(row: Row): Outgoing {
  const names = (attribute: string) => (row[attribute] as string[] | undefined) ?? [];
  return {
    incidentId: String(row['incident_id']),
    sequence: Number(row['sequence']),
    eventId: String(row['event_id']),
    logKey: String(row['log_key']),
    frozenAt: String(row['frozen_at']),
    receivedAt: String(row['received_at']),
    destinations: names('destinations'),
    corrects: row['corrects'] === true,
    leftOut: names('left_out'),
    begins: names('begins_to_count'),
    beside: (row['beside'] as FactsBeside | undefined) ?? {},
    stay: String(row['stay'] ?? ''),
    event: frozenEvent(row),
    expiresAt: Number(row['expires_at']),
    ...(typeof row['env_header'] === 'string' ? { envHeader: row['env_header'] } : {}),
    ...(typeof row['skipped'] === 'string' ? { skipped: row['skipped'] } : {}),
  };
}

/** DynamoDB keeps no order of a map's keys; the bytes that go out must have one. */
function frozenEvent(row: Row): OutgoingEvent {
  const deployment = row['deployment_event'];
  if (deployment) return orderDeploymentEvent(deployment as DeploymentEvent);
  return orderIncidentEvent(row['incident_event'] as IncidentEvent);
}

/** An incident's own; a row of a deployment is never among an incident's. */
export function incidentEventOf({ incidentId, event }: Outgoing): IncidentEvent {
  if (isDeploymentEvent(event))
    throw new Error(`a deployment event is frozen for the incident ${incidentId}`);
  return event;
}

/** Freezes an event at its sequence; `false` when that sequence is taken already. */
export async function freeze(store: Store, frozen: Outgoing): Promise<boolean> {
  return putNew(
    store,
    'outgoing',
    {
      incident_id: frozen.incidentId,
      sequence: frozen.sequence,
      event_id: frozen.eventId,
      log_key: frozen.logKey,
      frozen_at: frozen.frozenAt,
      received_at: frozen.receivedAt,
      destinations: frozen.destinations,
      corrects: frozen.corrects || undefined,
      left_out: frozen.leftOut.length > 0 ? frozen.leftOut : undefined,
      begins_to_count: frozen.begins.length > 0 ? frozen.begins : undefined,
      beside: Object.values(frozen.beside).some((fact) => fact !== undefined) ? frozen.beside : undefined,
      stay: frozen.stay,
      env_header: frozen.envHeader,
      skipped: frozen.skipped,
      ...(isDeploymentEvent(frozen.event)
        ? { deployment_event: frozen.event }
        : { incident_event: frozen.event }),
      expires_at: frozen.expiresAt,
    },
    'incident_id',
  );
}

export async function readOutgoing(
  store: Store,
  incidentId: string,
  sequence: number,
): Promise<Outgoing | undefined> {
  const row = await get(store, 'outgoing', { incident_id: incidentId, sequence });
  return row && toOutgoing(row);
}

/** What has been frozen after `sequence`, in order. */
export async function frozenAfter(store: Store, incidentId: string, sequence: number): Promise<Outgoing[]> {
  const rows = await query(store, 'outgoing', {
    keys: '#incident_id = :id AND #sequence > :sequence',
    values: { id: incidentId, sequence },
  });
  return rows.map(toOutgoing);
}

/** Which events of an incident are frozen, and at which sequence, by their place in the log. */
export async function frozenKeys(store: Store, incidentId: string): Promise<Map<string, number>> {
  const rows = await query(store, 'outgoing', {
    keys: '#incident_id = :id',
    values: { id: incidentId },
    project: '#log_key, #sequence',
  });
  return new Map(rows.map((row) => [String(row['log_key']), Number(row['sequence'])]));
}

/** Notes who is owed a frozen event besides those it was frozen for. */
export async function noteOwed(
  store: Store,
  { incidentId, sequence, destinations, leftOut }: Outgoing,
  names: readonly string[],
  alsoLeftOut: readonly string[],
): Promise<void> {
  const left = [...leftOut, ...alsoLeftOut];
  await update(
    store,
    'outgoing',
    { incident_id: incidentId, sequence },
    {
      set: { destinations: [...destinations, ...names], left_out: left.length > 0 ? left : undefined },
      when: 'attribute_exists(#incident_id)',
    },
  );
}

/** Keeps a frozen event at least until `expiresAt`: it is owed again. */
export async function keepOutgoing(store: Store, frozen: Outgoing, expiresAt: number): Promise<void> {
  if (frozen.expiresAt >= expiresAt) return;
  await update(
    store,
    'outgoing',
    { incident_id: frozen.incidentId, sequence: frozen.sequence },
    { set: { expires_at: expiresAt }, when: 'attribute_exists(#incident_id)' },
  );
}
