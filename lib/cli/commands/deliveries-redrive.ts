import type { BridgeConfig } from '../../config/bridge-config.ts';
import type { DeliveryKey } from '../../store/delivery.ts';
import { expiry } from '../../store/due.ts';
import type { Store } from '../../store/dynamo.ts';
import { markOwing } from '../../store/incidents.ts';
import { eachDelivery } from '../../store/listings.ts';
import { keepOutgoing, readOutgoing } from '../../store/outgoing.ts';
import { redriveDelivery } from '../../store/redrive.ts';
import { configOf } from '../config-file.ts';
import { type Io, printJson } from '../io.ts';
import { count } from '../plain.ts';
import { progressOn } from '../progress.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';

interface Options extends TargetOptions {
  destination?: string;
  incident?: string;
  dryRun?: true;
  config?: string;
  json?: true;
}

/** Marks dead deliveries due; the bridge sends them, in their order, at its next sweep. */
export async function redrive(options: Options, io: Io): Promise<void> {
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  const dead = await deadDeliveries(store, options);
  const tally = { dead: dead.length, redriven: 0, expired: 0, no_longer_dead: 0 };
  const progress = progressOn(io, 'deliveries', dead.length);
  for (const [done, key] of dead.entries()) {
    progress(done);
    if (options.dryRun) continue;
    tally[await redriveOne(store, config, key, io.now())]++;
  }
  if (options.json) return printJson(io, { dry_run: options.dryRun === true, ...tally });
  for (const [destination, several] of byDestination(dead)) io.out(`${destination}: ${several} dead\n`);
  if (options.dryRun)
    return io.out(
      `Nothing was changed (--dry-run); ${count(dead.length, 'delivery', 'deliveries')} would be sent again.\n`,
    );
  io.out(`${count(tally.redriven, 'delivery', 'deliveries')} sent again with the next sweep`);
  if (tally.expired > 0) io.out(`; ${tally.expired} whose event has expired stay dead`);
  if (tally.no_longer_dead > 0) io.out(`; ${tally.no_longer_dead} were not dead any more`);
  io.out('.\n');
}

async function deadDeliveries(store: Store, { destination, incident }: Options): Promise<DeliveryKey[]> {
  const keys: DeliveryKey[] = [];
  const wanted = {
    status: 'dead',
    ...(destination !== undefined && { destination }),
    ...(incident !== undefined && { incidentId: incident }),
  };
  for await (const row of eachDelivery(store, wanted)) {
    keys.push({
      incidentId: String(row['incident_id']),
      destination: String(row['destination']),
      sequence: Number(row['sequence']),
    });
  }
  // Marked in the order of each incident, so that a bridge that is awake sends them in it.
  return keys.sort((a, b) =>
    a.incidentId === b.incidentId ? a.sequence - b.sequence : a.incidentId < b.incidentId ? -1 : 1,
  );
}

async function redriveOne(
  store: Store,
  config: BridgeConfig,
  key: DeliveryKey,
  nowMs: number,
): Promise<'redriven' | 'expired' | 'no_longer_dead'> {
  const frozen = await readOutgoing(store, key.incidentId, key.sequence);
  if (!frozen) return 'expired';
  await keepOutgoing(store, frozen, keptUntil(config, nowMs));
  await markOwing(store, key.incidentId);
  return (await redriveDelivery(store, key, nowMs)) ? 'redriven' : 'no_longer_dead';
}

/** What is owed again must be readable until its new horizon is over, and then some. */
export function keptUntil({ retry, retention_days }: BridgeConfig, nowMs: number): number {
  return expiry(nowMs, Math.max(retention_days, retry.horizon_hours / 24 + 7));
}

function byDestination(keys: DeliveryKey[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { destination } of keys) counts.set(destination, (counts.get(destination) ?? 0) + 1);
  return counts;
}
