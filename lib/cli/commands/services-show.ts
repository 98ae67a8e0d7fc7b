import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import type { CatalogService } from '../../domain/catalog/entry.ts';
import type { Coverage, JudgedService } from '../../domain/matching/coverage.ts';
import type { RuleName } from '../../domain/matching/match.ts';
import type { Suggestion } from '../../domain/matching/suggest.ts';
import { showServiceRef } from '../../domain/pagerduty/service-url.ts';
import type { Io } from '../io.ts';

export interface Told {
  coverage: Coverage;
  judged: JudgedService[];
  /** For each service that matches nothing, by its id. */
  suggestions: Map<string, Suggestion[]>;
  /** Ids of the services that webhooks have told of. */
  known: Set<string>;
}

const ways: Partial<Record<RuleName, string>> = {
  pinned: 'pinned',
  service_url: 'by URL',
  service_name: 'by name',
  team_name: 'by team',
  service_name_as_team: 'by the name of a team',
};

/** Never rounded up: what is shown as enough is enough. */
export const shareText = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

export function show(told: Told, filled: number | undefined, width: number | undefined, io: Io): void {
  const { services, disabled, matched, share, byRule, unmatched, dangling, shared, elsewhere } =
    told.coverage;
  if (share === undefined) io.out('The PagerDuty account has no service that is not disabled.\n');
  else {
    const without = disabled > 0 ? `; ${disabled} disabled left out` : '';
    const how = byRule.map(([rule, number]) => `${number} ${ways[rule] ?? rule}`).join(', ');
    const list = how === '' ? '.' : `: ${how}.`;
    io.out(
      `${matched} of ${count(services, 'PagerDuty service')} match (${shareText(share)}${without})${list}\n`,
    );
    io.out('Teams are the services’ own; an incident’s are those of its escalation policy.\n');
  }
  if (unmatched.length > 0) {
    io.out(`\n${count(unmatched.length, 'service')} that match nothing:\n`);
    io.out(renderTable(unmatchedColumns(told.suggestions), unmatched, width));
    io.out('`npx pdbridge explain --service-url URL --service-name NAME` shows the lines to add.\n');
  }
  if (dangling.length > 0) {
    io.out('\nCatalog services that name a PagerDuty service which does not exist:\n');
    io.out(renderTable(danglingColumns, dangling, width));
  }
  if (shared.length > 0) {
    io.out('\nPagerDuty services that are on several catalog services:\n');
    io.out(renderTable(sharedColumns, shared, width));
  }
  if (elsewhere.length > 0)
    io.out(
      `\n${count(elsewhere.length, 'catalog service')} on another PagerDuty account: not judged here.\n`,
    );
  if (filled !== undefined) io.out(`\n${count(filled, 'mapping row')} filled.\n`);
}

const unmatchedColumns = (suggestions: Told['suggestions']) => {
  const best = ({ service }: JudgedService) => suggestions.get(service.id)?.[0];
  return [
    { title: 'SERVICE', cell: ({ service }: JudgedService) => service.id, whole: true as const },
    { title: 'NAME', cell: ({ service }: JudgedService) => service.name },
    {
      title: 'TEAMS',
      cell: ({ teams }: JudgedService) => teams.map(({ id, name }) => name ?? id).join(', ') || undefined,
      spare: 2,
    },
    { title: 'NEAREST', cell: (each: JudgedService) => describe(best(each)) },
    { title: 'BY HAND', cell: (each: JudgedService) => best(each)?.pin, spare: 3 },
    { title: 'URL', cell: ({ service }: JudgedService) => service.url, spare: 1 },
  ];
};

const describe = (found: Suggestion | undefined) =>
  found && `${found.name} (${found.type === 'team' ? 'team' : (found.team ?? 'no team')})`;

const danglingColumns = [
  { title: 'NAME', cell: ({ name }: CatalogService) => name },
  { title: 'TEAM', cell: ({ team }: CatalogService) => team },
  {
    title: 'PAGERDUTY',
    cell: ({ pagerduty }: CatalogService) => pagerduty && showServiceRef(pagerduty),
    whole: true as const,
  },
];

type Shared = Coverage['shared'][number];
const sharedColumns = [
  { title: 'SERVICE', cell: ({ service }: Shared) => service.service.id, whole: true as const },
  { title: 'NAME', cell: ({ service }: Shared) => service.service.name },
  { title: 'ON', cell: ({ on }: Shared) => on.join(', ') },
  { title: 'TEAM', cell: ({ service }: Shared) => service.match.team },
];

export function forMachines(told: Told, filled: number | undefined): object {
  const { services, disabled, matched, share, byRule, unmatched, dangling, shared, elsewhere } =
    told.coverage;
  return {
    services,
    disabled,
    matched,
    share: share ?? null,
    by_rule: Object.fromEntries(byRule),
    unmatched: unmatched.map(({ service, teams }) => ({
      ...service,
      teams: teams.map(({ id, name }) => name ?? id),
      suggestions: told.suggestions.get(service.id) ?? [],
    })),
    dangling: dangling.map(tie),
    shared: shared.map(({ service, on }) => ({ ...service.service, on, team: service.match.team ?? null })),
    elsewhere: elsewhere.map(tie),
    ...(filled === undefined ? {} : { filled }),
  };
}

const tie = ({ name, team, pagerduty }: CatalogService) => ({
  name,
  team: team ?? null,
  pagerduty: pagerduty ? showServiceRef(pagerduty) : null,
});
