import type { NamesInDatadog } from '../../domain/deployment/deployment.ts';
import type { Told } from '../../domain/deployment/fold-deployment.ts';
import { mappedName } from '../../domain/incident/mapped-name.ts';
import { derivedId } from '../../domain/subject/derived-id.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { DeploymentDeps } from './deps.ts';

/** Whose a deployment is, and where. */
export interface Attribution {
  /** One; several where it stands for a deployment of each; none while nobody knows. */
  services: readonly string[];
  explanation?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
  inDatadog?: NamesInDatadog | undefined;
  /** What none was found by. */
  judgedBy?: string | undefined;
}

/**
 * As told; what was not told is looked up once and recorded in the row, so that neither a push nor another
 * configuration moves a deployment that is known already. One that matches nothing is looked up again each time.
 */
export async function attribute(
  deps: DeploymentDeps,
  told: Told,
  row: Row | undefined,
): Promise<Attribution> {
  const given = (row?.['given'] ?? {}) as Row;
  const as = (name: string, value: string | undefined) => row !== undefined && given[name] === value;
  const recorded = (name: string) => (typeof row?.[name] === 'string' ? row[name] : undefined);

  const known = as('env', told.env) && row?.['day'] !== undefined;
  const env = known ? recorded('env') : environmentOf(deps, told.env);
  const found = await servicesOf(deps, told, as('service', told.service) ? row : undefined);
  const [service, ...others] = found.services;
  if (service === undefined || others.length > 0) return { ...found, team: told.team, env };
  const isKnown = recorded('service') === service && as('team', told.team) && recorded('team') !== undefined;
  if (isKnown) return { ...found, team: told.team ?? recorded('team'), env, inDatadog: namesIn(row) };
  return { ...found, env, ...(await lookedUp(deps, service, told.team)) };
}

const namesIn = (row: Row | undefined): NamesInDatadog | undefined =>
  row?.['in_datadog'] as NamesInDatadog | undefined;

async function servicesOf(
  deps: DeploymentDeps,
  { service, repository_id }: Told,
  row: Row | undefined,
): Promise<Pick<Attribution, 'services' | 'explanation' | 'judgedBy'>> {
  if (service !== undefined) return { services: [service] };
  const split = row?.['split_services'];
  const explanation = row?.['service_explanation'] as string | undefined;
  if (Array.isArray(split)) return { services: split as string[], explanation };
  if (typeof row?.['service'] === 'string') return { services: [row['service']], explanation };
  if (repository_id === undefined)
    return { services: [], explanation: 'It names neither a service nor a repository.', judgedBy: '' };
  const found = await deps.servicesOfRepository(repository_id);
  const judgedBy = judgedByOf(deps, found.generation);
  return { services: found.services, explanation: found.explanation, judgedBy };
}

/** What decides which repository belongs to which service; a deployment held by another is judged again. */
export function judgedByOf({ config }: Pick<DeploymentDeps, 'config'>, generation: string): string {
  const repositories = Object.entries(config.ingest?.repositories ?? {}).sort();
  return `${generation}#${derivedId(repositories)}`;
}

/** The team that owns the service, where none was told, and what Datadog calls the two, as the catalog has it. */
async function lookedUp({ matcher }: DeploymentDeps, service: string, told: string | undefined) {
  const given = { source: 'deployment', services: [service], ...(told !== undefined && { team: told }) };
  const { team, datadog_services, datadog_team } = await matcher.give(given);
  const [name] = datadog_services ?? [];
  const inDatadog = {
    ...(name !== undefined && { service: name }),
    ...(datadog_team !== undefined && { team: datadog_team }),
  };
  return { team, ...(Object.keys(inDatadog).length > 0 && { inDatadog }) };
}

function environmentOf({ config }: DeploymentDeps, given: string | undefined): string | undefined {
  const env = given?.trim() || config.default_env;
  return env === undefined ? undefined : (mappedName(config.env_names, env) ?? env);
}
