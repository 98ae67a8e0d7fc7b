import type { CatalogEntry } from '../../lib/domain/catalog/entry.ts';
import type { Dice } from './dice.ts';
import type { ServicePicture } from './pagerduty/incident-picture.ts';
import { spellOtherwise } from './spellings.ts';

/** One definition in the catalog, as simple as the oracle needs it. */
export interface Definition {
  name: string;
  team?: string;
  /** PagerDuty service id, on the account of the stories. */
  pagerduty?: string;
  /** Which PagerDuty service it is says another source, and that one nothing else. */
  apart?: true;
}

export interface CatalogPush {
  at: number;
  /** What the catalog is to say afterwards. */
  definitions: Definition[];
  /** Names of those whose definitions cannot be read this time: what was pushed of them stays. */
  unread?: string[];
}

export interface PinByHand {
  at: number;
  serviceId: string;
  services: string[];
  team?: string;
}

export interface CatalogPlan {
  services: ServicePicture[];
  /** The first is there before the story begins. */
  pushes: CatalogPush[];
  pins: PinByHand[];
  settledAt: number;
}

const hour = 3_600_000;

/** How a PagerDuty service finds its owner; one way each. */
type Way = 'url' | 'url_shared' | 'name' | 'team' | 'name_as_team' | 'nothing';
const ways: Way[] = ['url', 'url', 'url_shared', 'name', 'team', 'name_as_team', 'nothing'];

export function planCatalog(dice: Dice, start: number): CatalogPlan {
  const services: ServicePicture[] = [];
  const early: Definition[] = [{ name: 'unrelated', team: 'others' }];
  const late: Definition[] = [];
  const pins: PinByHand[] = [];
  for (let at = 0; at < dice.between(1, 4); at += 1) {
    const id = `PSVC${at}${dice.id(2)}`;
    const way = dice.pick(ways);
    const team = `team-${at}`;
    const teams = way === 'team' ? [{ id: `PTEAM${at}`, name: ` Team-${at} ` }] : [];
    const name = way === 'name_as_team' ? `TEAM-${at}` : `Service ${at}`;
    const service = { id, name, teams };
    services.push(service);
    const definitions = spellOtherwise(dice.fork(`spelling ${at}`), service, define(way, at, id, team));
    const [single] = definitions;
    if (way === 'url' && single && dice.fork(`sources ${at}`).chance(0.25)) single.apart = true;
    if (dice.chance(0.25)) late.push(...definitions);
    else early.push(...definitions);
    if (way === 'nothing' && dice.chance(0.5)) {
      pins.push({
        at: start + dice.spread(60_000, 20 * hour),
        serviceId: id,
        services: [`pinned-${at}`],
        team,
      });
    }
  }
  const pushes: CatalogPush[] = [{ at: start - hour, definitions: early }];
  if (late.length > 0)
    pushes.push({ at: start + dice.spread(60_000, 20 * hour), definitions: [...early, ...late] });
  if (dice.chance(0.15)) {
    const base = pushes.at(-1) as CatalogPush;
    pushes.push({
      at: base.at + dice.spread(1_000, 3 * hour),
      definitions: [...base.definitions, { name: 'newcomer' }],
    });
  }
  for (const [index, push] of pushes.entries()) {
    const fault = dice.fork(`faults ${index}`);
    const before = pushes[index - 1]?.definitions.filter(() => fault.chance(0.3)) ?? [];
    if (before.length > 0) push.unread = before.map(({ name }) => name);
  }
  return { services, pushes, pins, settledAt: Math.max(...[...pushes, ...pins].map(({ at }) => at)) };
}

function define(way: Way, at: number, pagerduty: string, team: string): Definition[] {
  if (way === 'url') return [{ name: `svc-${at}`, team, pagerduty }];
  if (way === 'url_shared') {
    return [
      { name: `svc-${at}-a`, team, pagerduty },
      { name: `svc-${at}-b`, team, pagerduty },
    ];
  }
  if (way === 'name') return [{ name: `service ${at}`, team }];
  if (way === 'nothing') return [];
  return [{ name: `other-${at}`, team }];
}

/** Who else defines a part of the catalog; comes after `default` by name. */
export const otherSource = 'portal';

/** What the other source says of it. */
export const toOtherEntries = (definitions: readonly Definition[]): CatalogEntry[] =>
  definitions
    .filter(({ apart }) => apart)
    .map(({ name, pagerduty }) => toService({ name, ...(pagerduty && { pagerduty }) }));

const toService = ({ name, team, pagerduty }: Definition): CatalogEntry => ({
  type: 'service',
  name,
  kind: 'service',
  namespace: 'default',
  format: 'datadog-v3',
  ...(team && { team }),
  ...(pagerduty && { pagerduty: { host: 'acme.pagerduty.com', id: pagerduty } }),
});

/** The same definitions as the product's readers would have read them from Datadog's v3 format. */
export function toEntries(definitions: readonly Definition[]): CatalogEntry[] {
  const services = definitions.map(({ name, team, pagerduty, apart }) =>
    toService({ name, ...(team && { team }), ...(!apart && pagerduty && { pagerduty }) }),
  );
  const teams = [...new Set(definitions.flatMap(({ team }) => team ?? []))];
  return [
    ...services,
    ...teams.map(
      (name): CatalogEntry => ({
        type: 'team',
        name,
        namespace: 'default',
        aliases: [],
        defined: false,
        format: 'datadog-v3',
      }),
    ),
  ];
}
