import { systemRandom, waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import { createCatalogSource } from '../../adapters/catalog-sources/sources.ts';
import { createNodeHttp } from '../../adapters/outgoing-http/node-http.ts';
import { showFinding } from '../../domain/catalog/definition.ts';
import { type Synced, syncSource } from '../../flow/catalog-sync/sync-source.ts';
import { command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { secretsOf } from '../secrets.ts';
import { announceTarget, resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { showPlan } from './catalog-push.ts';

interface Options extends TargetOptions {
  config?: string;
  dryRun?: true;
  allowShrink?: true;
  json?: true;
}

/** `pdbridge catalog sync`: reads the live catalogs of `catalog_sources`; one that fails leaves the others alone. */
export function catalogSync(io: Io) {
  return withTarget(
    command(io, 'sync [name]', 'reads the live catalogs of the configuration, all of them or one', [
      'catalog sync portal --dry-run',
    ]),
  )
    .option(...configOption)
    .option('--dry-run', 'show what would change and change nothing')
    .option('--allow-shrink', 'take a catalog that has lost more than a third of its entries')
    .action((name: string | undefined, options: Options) => syncSources(name, options, io));
}

async function syncSources(name: string | undefined, options: Options, io: Io): Promise<void> {
  const { catalog_sources: all = [] } = await configOf(options, io);
  const chosen = all.filter((source) => name === undefined || source.name === name);
  if (chosen.length === 0) {
    if (all.length === 0) throw wrongUsage('catalog_sources is not set in the configuration.');
    const known = all.map((source) => source.name).join(', ');
    throw wrongUsage(`catalog_sources has no "${name}"; it has: ${known}.`);
  }
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const deps = { store: target.store, clock: waitingClock, random: systemRandom };
  const outside = {
    http: createNodeHttp({ allowLoopback: true }),
    secrets: secretsOf(options, io),
    clock: waitingClock,
  };
  const outcomes: { name: string; synced: Synced }[] = [];
  for (const config of chosen) {
    const synced = await syncSource(deps, createCatalogSource(config, outside), {
      dryRun: options.dryRun === true,
      allowShrink: options.allowShrink === true,
    });
    outcomes.push({ name: config.name, synced });
    if (!options.json) show(config.name, synced, io);
  }
  if (options.json) printJson(io, outcomes.map(machineReadable));
  const bad = outcomes.filter(({ synced }) => synced.kind === 'failed' || synced.faults.length > 0);
  if (bad.length > 0) {
    throw failed(
      'catalog_sync',
      options.json ? undefined : `Not all is well with ${bad.map((each) => each.name).join(', ')}.`,
    );
  }
}

function show(name: string, synced: Synced, io: Io): void {
  io.out(`Source "${name}":\n`);
  if (synced.kind === 'failed') {
    io.out(`error: ${synced.reason}\nNothing was changed.\n`);
    return;
  }
  for (const fault of synced.faults) io.out(`error: ${showFinding(fault)}\n`);
  showPlan(synced.plan, io);
  if (synced.result === undefined) io.out('Nothing was changed (--dry-run).\n');
}

function machineReadable({ name, synced }: { name: string; synced: Synced }) {
  if (synced.kind === 'failed') return { source: name, error: synced.code, message: synced.reason };
  const { plan, result, faults } = synced;
  return {
    source: name,
    dry_run: result === undefined,
    ...plan.difference,
    kept: plan.kept,
    errors: faults,
    ...result,
  };
}
