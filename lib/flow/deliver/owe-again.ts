import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { contentFor } from '../../adapters/destinations/content-for.ts';
import { expiry } from '../../store/database/due.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { readDelivery } from '../../store/deliveries/deliveries.ts';
import type { DeliveryKey } from '../../store/deliveries/delivery.ts';
import { deliveriesOf, eachDelivery } from '../../store/deliveries/list.ts';
import { backfillDelivery } from '../../store/deliveries/new-deliveries.ts';
import { redriveDelivery } from '../../store/deliveries/redrive.ts';
import { markEventDue, readDueAt } from '../../store/events/events.ts';
import { markOwing } from '../../store/incidents/incidents.ts';
import { eachFrozenSince } from '../../store/outgoing/list.ts';
import { keepOutgoing, type Outgoing, readOutgoing } from '../../store/outgoing/outgoing.ts';
import { countFor, releaseCounted, wantsIncident } from './choosy-backfill.ts';
import { finishIncident, type OweDeps } from './finish-incident.ts';

/** By then this is done, or nobody is at it any more, however long it stood still. */
const afterwardsMs = 3_600_000;

/** The deliveries that were given up, in the order of each incident, in which a bridge that is awake sends them. */
export async function deadDeliveries(
  store: Store,
  wanted: { destination?: string; incidentId?: string } = {},
): Promise<DeliveryKey[]> {
  const keys: DeliveryKey[] = [];
  const { incidentId, destination } = wanted;
  const rows =
    incidentId === undefined
      ? eachDelivery(store, { ...wanted, status: 'dead' })
      : await deliveriesOf(store, incidentId);
  for await (const row of rows) {
    if (row['status'] !== 'dead' || (destination !== undefined && row['destination'] !== destination))
      continue;
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
  if (!(await redriveDelivery(deps.store, key, deps.clock.now()))) return 'no_longer_dead';
  await noteOwing(deps, key);
  return 'redriven';
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

export type Backfill =
  | { outcome: 'owed'; outgoing: Outgoing }
  | { outcome: 'already_there' }
  /** The destination's `only` or `counts` does not want the incident. */
  | { outcome: 'left_out' }
  /** Nor for a destination the configuration does not know: what it wants cannot be said. */
  | { outcome: 'for_nobody' };

/** What owing an event to one more destination comes to. */
export async function lookAtBackfill(
  deps: { store: Store; config: BridgeConfig },
  key: DeliveryKey,
): Promise<Backfill> {
  if (!deps.config.destinations.some(({ name }) => name === key.destination))
    return { outcome: 'for_nobody' };
  const outgoing = await readOutgoing(deps.store, key.incidentId, key.sequence);
  if (!outgoing || outgoing.skipped || outgoing.corrects) return { outcome: 'for_nobody' };
  if (!(await wantsIncident(deps, key, outgoing))) return { outcome: 'left_out' };
  const there = await readDelivery(deps.store, key);
  return there && !there.leftOut ? { outcome: 'already_there' } : { outcome: 'owed', outgoing };
}

/** Owes a frozen event to a destination that was not configured when it was frozen: due at once. */
export async function oweAlso(deps: OweDeps, key: DeliveryKey): Promise<Backfill['outcome']> {
  const look = await lookAtBackfill(deps, key);
  if (look.outcome !== 'owed') return look.outcome;
  const { eventId, event: frozen } = look.outgoing;
  await prepare(deps, look.outgoing);
  const content = contentFor(deps.config, key.destination);
  const event = { eventId, eventType: frozen.type, content };
  await countFor(deps, key);
  const written = await backfillDelivery(deps.store, key, event, deps.clock.now());
  const released = await releaseCounted(deps, key);
  if (!written && released === 0) return 'already_there';
  await noteOwing(deps, key);
  return 'owed';
}

/**
 * What is owed again must be readable until its new horizon is over, and then some. Should this process be killed
 * before it is done, `sweep` looks after the event and puts right what the incident's row says.
 */
async function prepare({ store, clock, config }: OweDeps, frozen: Outgoing): Promise<void> {
  const { retry, retention_days } = config;
  const days = Math.max(retention_days, retry.horizon_hours / 24 + 7);
  await keepOutgoing(store, frozen, expiry(clock.now(), days));
  const event = { incidentId: frozen.incidentId, logKey: frozen.logKey };
  const isDue = (await readDueAt(store, event)) !== undefined;
  if (!isDue) await markEventDue(store, event, clock.now() + afterwardsMs);
}

/** The bridge may have delivered it before this was written: then the incident owes nothing by now. */
async function noteOwing(deps: OweDeps, key: DeliveryKey): Promise<void> {
  await markOwing(deps.store, key.incidentId);
  const row = await readDelivery(deps.store, key);
  if (row?.status !== 'pending') await finishIncident(deps, key.incidentId);
}

type Place = { incidentId: string; sequence: number };
const inOrder = (a: Place, b: Place): number =>
  a.incidentId === b.incidentId ? a.sequence - b.sequence : a.incidentId < b.incidentId ? -1 : 1;
