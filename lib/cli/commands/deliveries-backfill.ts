import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { frozenSince, lookAtBackfill, oweAlso } from '../../flow/deliver/owe-again.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { knownDestinations } from '../../store/destinations/destinations.ts';
import { configOf } from '../config-file.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { progressOn } from '../progress.ts';
import { incidentByIncident } from '../side-by-side.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';

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

  const frozen = await frozenSince(store, new Date(since).toISOString());
  const deps = { store, config, clock: io };
  const tally = { events: frozen.length, owed: 0, already_there: 0, left_out: 0, for_nobody: 0 };
  const progress = progressOn(io, 'events', frozen.length);
  const one = async ({ incidentId, sequence }: { incidentId: string; sequence: number }) => {
    const key = { incidentId, sequence, destination };
    const outcome = dryRun ? (await lookAtBackfill(deps, key)).outcome : await oweAlso(deps, key);
    tally[outcome]++;
  };
  await incidentByIncident(frozen, one, progress);
  if (options.json) return printJson(io, { destination, dry_run: dryRun === true, ...tally });
  const unwanted = tally.left_out > 0 ? `${tally.left_out} of incidents it does not want, ` : '';
  io.out(
    `${count(tally.owed, 'event')} ${dryRun ? 'would be owed' : 'owed'} to ${destination}, ${tally.already_there} already there, ${unwanted}${tally.for_nobody} for nobody.\n`,
  );
  io.out(dryRun ? 'Nothing was changed (--dry-run).\n' : 'They go out with the next sweep.\n');
}

/** A slip in the name would owe nothing to anybody; without its `only`, nobody can say which incidents it wants. */
async function requireDestination(store: Store, config: BridgeConfig, name: string): Promise<void> {
  const configured = config.destinations.map((each) => each.name);
  if (configured.includes(name)) return;
  const deployed = await knownDestinations(store);
  const known = `Known are: ${configured.sort().join(', ') || 'none'}.`;
  throw failed(
    'unknown_destination',
    deployed.includes(name)
      ? `"${name}" is a destination of the deployed bridge and not in this configuration, so nobody can say which incidents it wants. Name the file it is deployed with: --config FILE.`
      : `No destination is called "${name}". ${known}`,
  );
}
