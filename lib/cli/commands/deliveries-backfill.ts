import type { BridgeConfig } from '../../config/bridge-config.ts';
import { readDelivery } from '../../store/deliveries.ts';
import { knownDestinations } from '../../store/destinations.ts';
import type { Store } from '../../store/dynamo.ts';
import { markOwing } from '../../store/incidents.ts';
import { eachFrozenSince } from '../../store/listings.ts';
import { backfillDelivery } from '../../store/new-deliveries.ts';
import { keepOutgoing, readOutgoing } from '../../store/outgoing.ts';
import { configOf } from '../config-file.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { count } from '../plain.ts';
import { progressOn } from '../progress.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';
import { keptUntil } from './deliveries-redrive.ts';

interface Options extends TargetOptions {
  destination: string;
  since: string;
  dryRun?: true;
  config?: string;
  json?: true;
}

/** Writes the missing deliveries of one destination, due at once; the bridge sends them in order. */
export async function backfill(options: Options, io: Io): Promise<void> {
  const { destination, dryRun } = options;
  const since = Date.parse(options.since);
  if (Number.isNaN(since))
    throw wrongUsage(`--since is not a time: "${options.since}". Write 2026-03-01 or 2026-03-01T09:00Z.`);
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  await requireDestination(store, config, destination);

  const frozen: { incidentId: string; sequence: number }[] = [];
  for await (const key of eachFrozenSince(store, new Date(since).toISOString())) frozen.push(key);
  frozen.sort((a, b) =>
    a.incidentId === b.incidentId ? a.sequence - b.sequence : a.incidentId < b.incidentId ? -1 : 1,
  );
  const tally = { events: frozen.length, owed: 0, already_there: 0, for_nobody: 0 };
  const progress = progressOn(io, 'events', frozen.length);
  for (const [done, { incidentId, sequence }] of frozen.entries()) {
    progress(done);
    const key = { incidentId, sequence, destination };
    tally[dryRun ? await look(store, key) : await owe(store, config, key, io.now())]++;
  }
  if (options.json) return printJson(io, { destination, dry_run: dryRun === true, ...tally });
  io.out(
    `${count(tally.owed, 'event')} ${dryRun ? 'would be owed' : 'owed'} to ${destination}, ${tally.already_there} already there, ${tally.for_nobody} for nobody.\n`,
  );
  io.out(dryRun ? 'Nothing was changed (--dry-run).\n' : 'They go out with the next sweep.\n');
}

type Key = { incidentId: string; sequence: number; destination: string };
type Outcome = 'owed' | 'already_there' | 'for_nobody';

async function look(store: Store, key: Key): Promise<Outcome> {
  const outgoing = await readOutgoing(store, key.incidentId, key.sequence);
  if (!outgoing || outgoing.skipped) return 'for_nobody';
  return (await readDelivery(store, key)) ? 'already_there' : 'owed';
}

async function owe(store: Store, config: BridgeConfig, key: Key, nowMs: number): Promise<Outcome> {
  const outgoing = await readOutgoing(store, key.incidentId, key.sequence);
  if (!outgoing || outgoing.skipped) return 'for_nobody';
  if (await readDelivery(store, key)) return 'already_there';
  await keepOutgoing(store, outgoing, keptUntil(config, nowMs));
  await markOwing(store, key.incidentId);
  const event = { eventId: outgoing.eventId, eventType: outgoing.incidentEvent.type };
  return (await backfillDelivery(store, key, event, nowMs)) ? 'owed' : 'already_there';
}

/** A slip in the name would owe everything to nobody, and each row would have to be skipped. */
async function requireDestination(store: Store, config: BridgeConfig, name: string): Promise<void> {
  const known = new Set([
    ...(await knownDestinations(store)),
    ...config.destinations.map((each) => each.name),
  ]);
  if (known.has(name)) return;
  throw failed(
    'unknown_destination',
    `No destination is called "${name}". Known are: ${[...known].sort().join(', ') || 'none'}.`,
  );
}
