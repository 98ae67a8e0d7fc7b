import type { DestinationConfig } from '../../adapters/destinations/destination-config.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import type { Choosy } from '../../domain/incident-filter/choose.ts';
import type { ProcessDeps } from './deps.ts';

type Deps = Pick<ProcessDeps, 'config' | 'destinations' | 'destinationNames'>;

/**
 * Who is told of incidents at all; of history, only those that ask for it: a flood of old incidents into live
 * receivers is the classic accident. A backfill sends it to whom one likes.
 */
export function hearersOf(deps: Deps, { imported }: Pick<LoggedEvent, 'imported'>): string[] {
  const hearing = deps.destinationNames.filter((name) => hearsOfIncidents(deps, name));
  return imported === 'history' ? hearing.filter((name) => configOf(deps, name)?.history === true) : hearing;
}

/** One that is told of deployments only has no rows of incidents. */
const hearsOfIncidents = ({ destinations }: Deps, name: string): boolean =>
  destinations.find((each) => each.name === name)?.takes?.incidents !== false;

const configOf = ({ config }: Deps, name: string): DestinationConfig | undefined =>
  config.destinations.find((each) => each.name === name);

/** What each of them wants to hear of. */
export function wishesOf(deps: Deps, names: readonly string[]): Choosy[] {
  const reports = deps.config.ingest !== undefined;
  return names.map((name) => ({ ...(configOf(deps, name) ?? { name }), reports }));
}
