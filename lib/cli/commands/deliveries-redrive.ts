import { count } from '../../adapters/terminal/plain.ts';
import { deadDeliveries, oweAgain } from '../../flow/deliver/owe-again.ts';
import type { DeliveryKey } from '../../store/deliveries/delivery.ts';
import { configOf } from '../config-file.ts';
import { incidentKey } from '../incident-key.ts';
import { type Io, printJson } from '../io.ts';
import { progressOn } from '../progress.ts';
import { incidentByIncident } from '../side-by-side.ts';
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
  const { destination, incident } = options;
  const dead = await deadDeliveries(store, {
    ...(destination !== undefined && { destination }),
    ...(incident !== undefined && { incidentId: await incidentKey(store, incident) }),
  });
  const deps = { store, config, clock: io };
  const tally = { dead: dead.length, redriven: 0, expired: 0, no_longer_dead: 0 };
  const progress = progressOn(io, 'deliveries', dead.length);
  const one = async (key: DeliveryKey) => {
    const outcome = await oweAgain(deps, key);
    tally[outcome]++;
  };
  if (!options.dryRun) await incidentByIncident(dead, one, progress);
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

function byDestination(keys: DeliveryKey[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { destination } of keys) counts.set(destination, (counts.get(destination) ?? 0) + 1);
  return counts;
}
