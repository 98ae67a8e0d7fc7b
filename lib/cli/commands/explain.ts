import { cell } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { comparableName } from '../../domain/catalog/names.ts';
import type { Match, MatchInput } from '../../domain/matching/match.ts';
import { pinCommand } from '../../domain/matching/pin-command.ts';
import { type Suggestion, suggest } from '../../domain/matching/suggest.ts';
import type { PagerDutyRef } from '../../domain/pagerduty/reference.ts';
import { parseServiceUrl } from '../../domain/pagerduty/service-url.ts';
import { catalogEntries, contradictionsOn, listCatalog } from '../../store/catalog/list.ts';
import { createMatcher } from '../../store/catalog/matcher.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { eachMapping } from '../../store/mappings/list.ts';
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
      const catalog = await listCatalog(store);
      const contradictions = contradictionsOn(match.services, catalog);
      const entries = match.rule === 'none' ? catalogEntries(catalog) : [];
      const suggestions = match.rule === 'none' ? suggest(await asSeen(store, input), entries) : [];
      if (options.json) return printJson(io, { input, generation, match, contradictions, suggestions });
      show(match, contradictions, io);
      if (match.rule === 'none') showWhatToDo(suggestions, entries.length === 0, io);
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

/** A service that is known by its name only, with the id and address it was seen with, if that is one service. */
async function asSeen(store: Store, input: MatchInput): Promise<MatchInput> {
  const wanted = comparableName(input.service.name);
  if (input.service.id !== '' || wanted === undefined) return input;
  const seen: PagerDutyRef[] = [];
  for await (const row of eachMapping(store)) {
    const [id, name, url] = ['id', 'name', 'url'].map((key) => cell(row, `pagerduty_service_${key}`));
    if (id !== undefined && comparableName(name) === wanted) seen.push({ id, ...(url && { url }) });
  }
  const [only] = seen;
  return only === undefined || seen.length > 1 ? input : { ...input, service: { ...input.service, ...only } };
}

function show(
  { services, team, explanation, trace }: Match,
  contradictions: readonly string[],
  io: Io,
): void {
  io.out(`services  ${services.join(', ') || '-'}\nteam      ${team ?? '-'}\n${explanation}\n`);
  for (const sentence of contradictions) io.out(`warning: ${sentence}\n`);
  io.out('\n');
  const columns = [
    { title: 'RULE', cell: (verdict: Match['trace'][number]) => verdict.rule },
    { title: 'DECIDED', cell: (verdict: Match['trace'][number]) => (verdict.decided ? 'yes' : 'no') },
    { title: 'REASON', cell: (verdict: Match['trace'][number]) => verdict.reason },
  ];
  io.out(renderTable(columns, trace, io.columns));
}

/** Each suggestion ends in what to do about it, and so does having none. */
function showWhatToDo(suggestions: readonly Suggestion[], empty: boolean, io: Io): void {
  if (empty) io.out('\nThe catalog is empty: `npx pdbridge catalog push <files>` fills it.\n');
  else if (suggestions.length === 0) {
    io.out(
      '\nNothing in the catalog is like it. Add a definition with its address and push, or decide by hand:\n',
    );
    io.out('  npx pdbridge mappings pin ID --service NAME --team NAME --anyway\n');
  }
  for (const { type, name, team, likeName, fix, fixIn, pin } of suggestions) {
    io.out(`\nDid you mean the ${type} "${name}"? It is like "${likeName}".\n`);
    const where =
      fixIn === undefined ? 'Add to its definition' : `If the account was renamed, add to ${fixIn}`;
    if (fix !== undefined) io.out(`${where}:\n${fix.replace(/^/gm, '  ')}\n`);
    const by = fix === undefined ? 'Decide by hand' : 'Or decide by hand';
    if (pin !== undefined) io.out(`${by}:\n  ${pin}\n`);
    else io.out(`${by}, with the id from its address in PagerDuty:\n  ${pinByHand({ type, name, team })}\n`);
  }
}

const pinByHand = ({ type, name, team }: Pick<Suggestion, 'type' | 'name'> & { team: string | undefined }) =>
  pinCommand({ id: 'ID' }, type === 'service' ? { service: name, team } : { team: name });
