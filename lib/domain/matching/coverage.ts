import type { CatalogEntry, CatalogService } from '../catalog/entry.ts';
import type { AccountService } from '../pagerduty/account-service.ts';
import { sameAccount } from '../pagerduty/service-url.ts';
import { serviceRefOf } from './lookup-keys.ts';
import { type Match, type RuleName, ruleNames } from './match.ts';

export interface JudgedService extends AccountService {
  match: Match;
}

/** How much of a PagerDuty account the catalog covers, before there is any incident. */
export interface Coverage {
  /** Services that are not disabled: what the rest is counted of. */
  services: number;
  disabled: number;
  matched: number;
  /** From 0 to 1; undefined where there is no service. */
  share: number | undefined;
  /** How many each rule decides, in the order of the rules. */
  byRule: [RuleName, number][];
  unmatched: JudgedService[];
  /** Catalog services that are tied to a PagerDuty service of this account that does not exist. */
  dangling: CatalogService[];
  /** PagerDuty services that several catalog services are tied to. */
  shared: { service: JudgedService; on: string[] }[];
  /** Catalog services that are tied to a service of another account, of which nothing is known here. */
  elsewhere: CatalogService[];
}

/** `judged`: every service of the account. `catalog`: all of it, its hosts under the names they go by. */
export function coverageOf(judged: readonly JudgedService[], catalog: readonly CatalogEntry[]): Coverage {
  const active = judged.filter(({ disabled }) => !disabled);
  const matched = active.filter(({ match }) => match.rule !== 'none');
  const tied = catalog.filter(
    (entry): entry is CatalogService => entry.type === 'service' && entry.pagerduty !== undefined,
  );
  const host = judged.map(({ service }) => serviceRefOf(service)?.host).find((each) => each !== undefined);
  const here = tied.filter(({ pagerduty }) => sameAccount(pagerduty?.host, host));
  const known = new Map(judged.map((each) => [serviceRefOf(each.service)?.id ?? each.service.id, each]));
  const entriesOf = new Map<string, CatalogService[]>();
  for (const entry of here) {
    const id = entry.pagerduty?.id ?? '';
    entriesOf.set(id, [...(entriesOf.get(id) ?? []), entry]);
  }
  return {
    services: active.length,
    disabled: judged.length - active.length,
    matched: matched.length,
    share: active.length === 0 ? undefined : matched.length / active.length,
    byRule: ruleNames
      .map((rule): [RuleName, number] => [rule, matched.filter(({ match }) => match.rule === rule).length])
      .filter(([, count]) => count > 0),
    unmatched: active.filter(({ match }) => match.rule === 'none'),
    dangling: here.filter(({ pagerduty }) => !known.has(pagerduty?.id ?? '')),
    shared: [...entriesOf].flatMap(([id, entries]) => {
      const service = known.get(id);
      const on = [...new Set(entries.map(({ name }) => name))];
      return service === undefined || on.length < 2 ? [] : [{ service, on }];
    }),
    elsewhere: tied.filter((entry) => !here.includes(entry)),
  };
}
