import { readRepository } from '../../domain/dora/repository.ts';
import { repositoryName } from '../../domain/matching/services-of-repository.ts';
import { type Suggestion, suggest } from '../../domain/matching/suggest.ts';
import { catalogEntries, listCatalog } from '../../store/catalog/list.ts';
import { createServicesOfRepository } from '../../store/catalog/services-of-repository.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { configOf } from '../config-file.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';

interface Options {
  repository: string;
  config?: string;
  json?: true;
}

/** Which services a deployment of a repository would be of, and what to do where nobody knows. */
export async function explainRepository(options: Options, store: Store, io: Io): Promise<void> {
  const id = readRepository(options.repository)?.id;
  // The text itself is not repeated: it may hold a token.
  if (id === undefined)
    throw wrongUsage('--repository is no address of a repository, such as github.com/acme/checkout.');
  const { ingest } = await configOf(options, io);
  const { generation, ...match } = await createServicesOfRepository(store, ingest)(id);
  const alike = match.rule === 'none' ? await suggestionsFor(store, id) : [];
  if (options.json) return printJson(io, { repository_id: id, generation, match, suggestions: alike });
  io.out(`services  ${match.services.join(', ') || '-'}\n${match.explanation}\n`);
  for (const { name, likeName } of alike) {
    io.out(`\nDid you mean the service "${name}"? It is like "${likeName}".\n`);
  }
}

/** The services whose names are like the repository's; what they say of PagerDuty is of no use here. */
async function suggestionsFor(store: Store, id: string): Promise<Pick<Suggestion, 'name' | 'likeName'>[]> {
  const named = { service: { id: '', name: repositoryName(id) }, teams: [] };
  return suggest(named, catalogEntries(await listCatalog(store)))
    .filter(({ type }) => type === 'service')
    .map(({ name, likeName }) => ({ name, likeName }));
}
