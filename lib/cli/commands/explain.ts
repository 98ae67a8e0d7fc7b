import { renderTable } from '../../adapters/terminal/table.ts';
import type { Match, MatchInput } from '../../domain/matching/match.ts';
import { type Suggestion, suggest } from '../../domain/matching/suggest.ts';
import { parseServiceUrl } from '../../domain/pagerduty/service-url.ts';
import { catalogEntries, listCatalog } from '../../store/catalog/list.ts';
import { createMatcher } from '../../store/catalog/matcher.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { readMapping } from '../../store/mappings/mappings.ts';
import { collect, command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';
import { explainRepository } from './explain-repository.ts';

interface Options extends TargetOptions {
  serviceUrl?: string;
  serviceName?: string;
  serviceId?: string;
  team?: string[];
  repository?: string;
  config?: string;
  json?: true;
}

/** `pdbridge explain`: what a PagerDuty service would be matched with now, and what every rule says to it. */
export function explainCommand(io: Io) {
  return withTarget(
    command(io, 'explain', 'matches a PagerDuty service as it would be now, with every rule’s verdict', [
      'explain --service-url https://acme.pagerduty.com/services/PF9KMXH --team Payments',
      'explain --repository github.com/acme/checkout',
    ]),
  )
    .option('--service-url <url>', 'address of the service in PagerDuty')
    .option('--service-name <name>', 'its name in PagerDuty')
    .option('--service-id <id>', 'its id; name, address and pin are taken from its mapping')
    .option('--team <name>', 'a PagerDuty team of the incident; may be repeated', collect)
    .option('--repository <address>', 'instead: whose deployments of this repository are')
    .option(...configOption)
    .action(async (options: Options) => {
      const { serviceUrl, serviceName, serviceId, repository } = options;
      if (repository !== undefined) {
        const { store } = await resolveTarget(options, io);
        return explainRepository({ ...options, repository }, store, io);
      }
      if (serviceUrl === undefined && serviceName === undefined && serviceId === undefined) {
        throw wrongUsage(
          'Say which service: --service-url, --service-name or --service-id; or which --repository.',
        );
      }
      if (serviceUrl !== undefined && parseServiceUrl(serviceUrl) === undefined) {
        throw wrongUsage(
          `--service-url is not the address of a PagerDuty service, which reads https://<account>.pagerduty.com/services/P1234567: ${serviceUrl}`,
        );
      }
      const { store } = await resolveTarget(options, io);
      const input = await inputOf(options, store);
      const { match, generation } = await createMatcher(store, await configOf(options, io)).match(input);
      const suggestions = match.rule === 'none' ? await suggestionsFor(store, input) : [];
      if (options.json) printJson(io, { input, generation, match, suggestions });
      else show(match, suggestions, io);
    });
}

/** What is not given is taken from what the bridge has seen of the service. */
async function inputOf(
  { serviceUrl, serviceName, serviceId, team }: Options,
  store: Store,
): Promise<MatchInput> {
  const id = serviceId ?? (serviceUrl === undefined ? undefined : parseServiceUrl(serviceUrl)?.id) ?? '';
  const mapping = id === '' ? undefined : await readMapping(store, id);
  const name = serviceName ?? mapping?.name;
  const url = serviceUrl ?? mapping?.url;
  const teams = team ?? mapping?.teams ?? [];
  return {
    service: { id, ...(name !== undefined && { name }), ...(url !== undefined && { url }) },
    teams: teams.map((each) => ({ id: each, name: each })),
    ...(mapping?.pin && { pin: mapping.pin }),
  };
}

async function suggestionsFor(store: Store, input: MatchInput): Promise<Suggestion[]> {
  return suggest(input, catalogEntries(await listCatalog(store)));
}

function show({ services, team, explanation, trace }: Match, suggestions: Suggestion[], io: Io): void {
  io.out(`services  ${services.join(', ') || '-'}\nteam      ${team ?? '-'}\n${explanation}\n\n`);
  const columns = [
    { title: 'RULE', cell: (verdict: Match['trace'][number]) => verdict.rule },
    { title: 'DECIDED', cell: (verdict: Match['trace'][number]) => (verdict.decided ? 'yes' : 'no') },
    { title: 'REASON', cell: (verdict: Match['trace'][number]) => verdict.reason },
  ];
  io.out(renderTable(columns, trace, io.columns));
  for (const { type, name, likeName, fix, pin } of suggestions) {
    io.out(`\nDid you mean the ${type} "${name}"? It is like "${likeName}".\n`);
    if (fix !== undefined) io.out(`Add to its definition:\n${fix.replace(/^/gm, '  ')}\n`);
    if (pin !== undefined) io.out(`${fix === undefined ? 'Decide' : 'Or decide'} by hand:\n  ${pin}\n`);
  }
}
