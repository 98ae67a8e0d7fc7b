import { type PinTarget, pinTarget } from '../../domain/matching/pin-target.ts';
import { catalogEntries, listCatalog } from '../../store/catalog/list.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { pinService, readMapping } from '../../store/mappings/mappings.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { likeService, serviceIdOf } from '../pagerduty-service.ts';
import { personOf } from '../person.ts';
import { announceTarget, resolveTarget, type TargetOptions } from '../target.ts';

export interface PinOptions extends TargetOptions {
  service?: string[];
  team?: string;
  note?: string;
  anyway?: true;
  json?: true;
}

/** Pins a service by names looked up in the catalog, so that a slip of the pen goes out to nobody. */
export async function pin(given: string, options: PinOptions, io: Io): Promise<void> {
  const id = serviceIdOf(given);
  const { service: services = [], team, note } = options;
  const blank = [...services, ...(team === undefined ? [] : [team])].some((name) => name.trim() === '');
  if (blank || (services.length === 0 && team === undefined))
    throw wrongUsage('Pin to what? Give --service, --team or both.');
  const target = await resolveTarget(options, io);
  announceTarget(target, io);
  const { store } = target;
  const doubts = [...(await doubtsAboutId(store, id))];
  const names = { services: services.map((name) => name.trim()), team: team?.trim() };
  const meant = pinTarget(names, catalogEntries(await listCatalog(store)));
  doubts.push(...meant.unknown.map(describeUnknown));
  if (doubts.length > 0 && !options.anyway) {
    throw failed(
      'unknown_name',
      `${doubts.join('\n')}\nNothing was pinned. If it is meant so, add --anyway.`,
    );
  }
  const by = personOf(io);
  const pinned = { services: meant.services, ...(meant.team === undefined ? {} : { team: meant.team }) };
  await pinService(store, id, pinned, { by, atMs: io.now(), note });
  if (options.json) {
    return printJson(io, {
      pagerduty_service_id: id,
      pinned_services: meant.services,
      pinned_team: meant.team,
      pinned_by: by,
      pinned_note: note,
      warnings: [...doubts, ...meant.remarks],
    });
  }
  for (const warning of [...doubts, ...meant.remarks]) io.err(`Warning: ${warning}\n`);
  io.out(`Pinned ${id} to ${describeTarget(meant)}.\n`);
  io.out('Incidents matched from now on go by it; held ones go out with the next sweep.\n');
  io.out(
    'An incident that is matched already keeps its match: `pdbridge incidents rematch ID` makes it anew.\n',
  );
}

function describeTarget({ services, team, teamFilled }: PinTarget): string {
  const list = services.map((name) => `"${name}"`).join(', ');
  const parts = [
    ...(services.length > 0 ? [`${services.length === 1 ? 'service' : 'services'} ${list}`] : []),
    ...(team === undefined ? [] : [`team "${team}"${teamFilled ? ' (the catalog knows it)' : ''}`]),
  ];
  return parts.join(' and ');
}

function describeUnknown({ type, name, like }: PinTarget['unknown'][number]): string {
  const hint = like.length > 0 ? ` Did you mean ${like.map((each) => `"${each}"`).join(' or ')}?` : '';
  return `The catalog has no ${type} "${name}".${hint}`;
}

/** A pin of an id that is never seen says nothing, and nobody would notice. */
async function doubtsAboutId(store: Store, id: string): Promise<string[]> {
  if (await readMapping(store, id)) return [];
  return [`No PagerDuty service ${id} has been seen yet.${await likeService(store, id)}`];
}
