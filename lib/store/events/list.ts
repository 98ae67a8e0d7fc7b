import { isIncident } from '../../domain/incident/dialects.ts';
import type { Store } from '../database/dynamo.ts';
import { eachRow } from '../database/request.ts';

/** The ids of all incidents that have an event in the log, each once. */
export async function loggedIncidents(store: Store): Promise<string[]> {
  const subjects = new Set<string>();
  for await (const row of eachRow(store, 'events', { project: '#incident_id' })) {
    subjects.add(String(row['incident_id']));
  }
  return [...subjects].filter(isIncident).sort();
}
