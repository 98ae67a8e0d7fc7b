import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { listServices } from '../../adapters/pagerduty-api/services.ts';
import { count } from '../../adapters/terminal/plain.ts';
import { entryOnAccount } from '../../domain/matching/account-aliases.ts';
import { type Coverage, coverageOf, type JudgedService } from '../../domain/matching/coverage.ts';
import { type Suggestion, suggest } from '../../domain/matching/suggest.ts';
import type { AccountService } from '../../domain/pagerduty/account-service.ts';
import { catalogEntries, catalogItems, listCatalog } from '../../store/catalog/list.ts';
import { createMatcher } from '../../store/catalog/matcher.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { inParallel } from '../../store/database/in-parallel.ts';
import { eachMapping } from '../../store/mappings/list.ts';
import { fillMapping, type Mapping, toMapping } from '../../store/mappings/mappings.ts';
import { command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { askingPagerDuty, pagerDutyOf } from '../pagerduty-api.ts';
import { announceTarget, resolveTarget, type Target, type TargetOptions, withTarget } from '../target.ts';
import { type WideOptions, wideOption, widthOf } from '../wide.ts';
import { forMachines, shareText, show, type Told } from './services-show.ts';

interface Options extends TargetOptions, WideOptions {
  config?: string;
  failUnder?: string;
  write?: true;
  json?: true;
}

/** The matcher reads a few keys for each. */
const atOnce = 8;

/** `pdbridge services`: what every service of the PagerDuty account would be matched with, before any incident. */
export function servicesCommand(io: Io) {
  return withTarget(
    command(io, 'services', 'matches every service of the PagerDuty account, before there is an incident', [
      'services --fail-under 90',
    ]),
  )
    .option('--fail-under <percent>', 'end with 1 where fewer of the services match')
    .option('--write', 'fill the mapping rows of services that no webhook has told of yet')
    .option(...configOption)
    .option(...wideOption)
    .action((options: Options) => services(options, io));
}

async function services(options: Options, io: Io): Promise<void> {
  const least = percentOf(options.failUnder);
  const width = widthOf(options, io);
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  if (options.write) announceTarget(target, io);
  const fetchedAtMs = io.now();
  const listed = await askingPagerDuty(async () => listServices(pagerDutyOf(config, options, io)));
  const told = await coverage(listed, target, config);
  const filled = options.write ? await fill(target.store, told, fetchedAtMs) : undefined;
  if (options.json) printJson(io, forMachines(told, filled));
  else show(told, filled, width, io);
  refuseTooFew(told.coverage, least, io);
}

async function coverage(
  listed: readonly AccountService[],
  { store }: Target,
  config: BridgeConfig,
): Promise<Told> {
  const matcher = createMatcher(store, config);
  const mappings = await mappingsById(store);
  const judged = await inParallel(listed, atOnce, async (each): Promise<JudgedService> => {
    const pin = mappings.get(each.service.id)?.pin;
    const input = { service: each.service, teams: each.teams, ...(pin && { pin }) };
    return { ...each, match: (await matcher.match(input)).match };
  });
  const catalog = await listCatalog(store);
  const items = catalogItems(catalog).map(({ entry }) => entryOnAccount(entry, config));
  const found = coverageOf(judged, items);
  const entries = catalogEntries(catalog);
  const suggestions = new Map<string, Suggestion[]>();
  for (const each of found.unmatched) suggestions.set(each.service.id, suggest(each, entries));
  const known = new Set([...mappings.values()].flatMap((each) => (each.seenAt ? [each.serviceId] : [])));
  return { coverage: found, judged, suggestions, known };
}

async function mappingsById(store: Store): Promise<Map<string, Mapping>> {
  const mappings = new Map<string, Mapping>();
  for await (const row of eachMapping(store)) {
    const mapping = toMapping(row);
    mappings.set(mapping.serviceId, mapping);
  }
  return mappings;
}

/** Rows that webhooks have filled know more: the teams there are an incident's own. */
async function fill(store: Store, { judged, known }: Told, fetchedAtMs: number): Promise<number> {
  const unknown = judged.filter(({ service }) => !known.has(service.id));
  const seenAt = new Date(fetchedAtMs).toISOString();
  const written = await inParallel(unknown, atOnce, ({ service, teams, match }) =>
    fillMapping(store, { service, teams, seenAt, match, matchedAtMs: fetchedAtMs }),
  );
  return written.filter(Boolean).length;
}

function percentOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const percent = Number(given.replace(/%$/, ''));
  if (given.trim() !== '' && percent >= 0 && percent <= 100) return percent;
  throw wrongUsage(`--fail-under is a percentage from 0 to 100, not "${given}".`);
}

function refuseTooFew({ share, services }: Coverage, least: number | undefined, io: Io): void {
  if (least === undefined) return;
  if (share === undefined) throw failed('coverage', 'There is no PagerDuty service that could match.');
  if (share * 100 >= least) return;
  const message = `${shareText(share)} of ${count(services, 'service')} match, fewer than ${least} %.`;
  io.err(`${message}\n`);
  throw failed('coverage');
}
