import { doraIncident } from '../domain/subject/dora-incident.ts';
import type { Store } from '../store/database/dynamo.ts';
import { readIncident } from '../store/incidents/incidents.ts';

/** Key of the incident a person means: by that, or by the id under which another program reported it. */
export async function incidentKey(store: Store, given: string): Promise<string> {
  if (await readIncident(store, given)) return given;
  const reported = doraIncident.key(given);
  return (await readIncident(store, reported)) ? reported : given;
}
