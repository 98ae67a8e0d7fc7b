import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { queryAs } from '../database/request.ts';
import { serviceEnvOf } from './service-env.ts';
import { isTakenBack } from './taken-back.ts';

/** The id of the deployment of this version that was finished last in a service and env. */
export async function latestOfVersion(
  store: Store,
  service: string,
  env: string,
  version: string,
): Promise<string | undefined> {
  const wanted = {
    index: 'by_service_env',
    keys: '#service_env = :service_env',
    values: { service_env: serviceEnvOf(service, env) },
  };
  const rows = await queryAs(store, 'deployments', wanted, (row) => row);
  const fits = rows.filter(({ facts }) => {
    const known = (facts ?? {}) as Row;
    const { version: theirs, finished_at, shown } = known;
    const double = (shown as Row | undefined)?.['same_as'];
    return theirs === version && finished_at !== undefined && !isTakenBack(known) && double === undefined;
  });
  const id = fits.at(-1)?.['deployment_id'];
  return typeof id === 'string' ? id : undefined;
}
