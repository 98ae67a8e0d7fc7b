import { readDelivery } from '../store/deliveries.ts';
import type { DeliveryKey } from '../store/delivery.ts';
import { expiry } from '../store/due.ts';
import type { Store } from '../store/dynamo.ts';
import { markOwing } from '../store/incidents.ts';
import { eachDelivery, eachFrozenSince } from '../store/listings.ts';
import { backfillDelivery } from '../store/new-deliveries.ts';
import { keepOutgoing, type Outgoing, readOutgoing } from '../store/outgoing.ts';
import { redriveDelivery } from '../store/redrive.ts';
import { finishIncident, type OweDeps } from './finish-incident.ts';

/** The deliveries that were given up, in the order of each incident, in which a bridge that is awake sends them. */
export async function deadDeliveries(
  store: Store,
  wanted: { destination?: string; incidentId?: string } = {},
): Promise<DeliveryKey[]> {
  const keys: DeliveryKey[] = [];
  for await (const row of eachDelivery(store, { ...wanted, status: 'dead' })) {
    keys.push({
      incidentId: String(row['incident_id']),
      destination: String(row['destination']),
      sequence: Number(row['sequence']),
    });
  }
  return keys.sort(inOrder);
}

/** Owes a dead delivery once more: due at once, with a new horizon. */
export async function oweAgain(
  deps: OweDeps,
  key: DeliveryKey,
): Promise<'redriven' | 'expired' | 'no_longer_dead'> {
  const frozen = await readOutgoing(deps.store, key.incidentId, key.sequence);
  if (!frozen) return 'expired';
  await prepare(deps, frozen);
  if (await redriveDelivery(deps.store, key, deps.clock.now())) return 'redriven';
  await finishIncident(deps, key.incidentId);
  return 'no_longer_dead';
}

/** The events frozen at `since` (ISO 8601) or later, in the order of each incident. */
export async function frozenSince(
  store: Store,
  since: string,
): Promise<{ incidentId: string; sequence: number }[]> {
  const frozen: { incidentId: string; sequence: number }[] = [];
  for await (const key of eachFrozenSince(store, since)) frozen.push(key);
  return frozen.sort(inOrder);
}

/** What owing an event to one more destination would come to. */
export async function isOwed(
  store: Store,
  key: DeliveryKey,
): Promise<Outgoing | 'already_there' | 'for_nobody'> {
  const outgoing = await readOutgoing(store, key.incidentId, key.sequence);
  if (!outgoing || outgoing.skipped) return 'for_nobody';
  return (await readDelivery(store, key)) ? 'already_there' : outgoing;
}

/** Owes a frozen event to a destination that was not configured when it was frozen: due at once. */
export async function oweAlso(
  deps: OweDeps,
  key: DeliveryKey,
): Promise<'owed' | 'already_there' | 'for_nobody'> {
  const outgoing = await isOwed(deps.store, key);
  if (typeof outgoing === 'string') return outgoing;
  await prepare(deps, outgoing);
  const event = { eventId: outgoing.eventId, eventType: outgoing.incidentEvent.type };
  if (await backfillDelivery(deps.store, key, event, deps.clock.now())) return 'owed';
  await finishIncident(deps, key.incidentId);
  return 'already_there';
}

/** First the incident says that it owes something: its row must not expire, nor the event before it is sent. */
async function prepare({ store, clock, config }: OweDeps, frozen: Outgoing): Promise<void> {
  const { retry, retention_days } = config;
  const keptDays = Math.max(retention_days, retry.horizon_hours / 24 + 7);
  await keepOutgoing(store, frozen, expiry(clock.now(), keptDays));
  await markOwing(store, frozen.incidentId);
}

type Place = { incidentId: string; sequence: number };
const inOrder = (a: Place, b: Place): number =>
  a.incidentId === b.incidentId ? a.sequence - b.sequence : a.incidentId < b.incidentId ? -1 : 1;
