import { doraIncident } from '../domain/subject/dora-incident.ts';
import type { Store } from '../store/database/dynamo.ts';
import { readIncident } from '../store/incidents/incidents.ts';
import { eachIncident } from '../store/incidents/list.ts';
import { newestIncidents } from '../store/incidents/newest.ts';

const longestMs = 1_100 * 86_400_000;

/**
 * Key of the incident a person means: by that, by its number or its address at PagerDuty, or by the id under which
 * another program reported it. Of two with one number, in two accounts, it is the newer one.
 */
export async function incidentKey(store: Store, given: string): Promise<string> {
  const id = /\/incidents\/([A-Za-z0-9]+)/.exec(given)?.[1] ?? given;
  if (await readIncident(store, id)) return id;
  const reported = doraIncident.key(id);
  if (await readIncident(store, reported)) return reported;
  return (/^#?\d{1,15}$/.test(id) && (await numbered(store, Number(id.replace('#', ''))))) || id;
}

async function numbered(store: Store, number: number): Promise<string | undefined> {
  const fits = (row: { number?: unknown }) => row.number === number;
  const toMs = Date.now();
  const walk = { fromMs: toMs - longestMs, toMs, pageSize: 100 };
  for await (const row of newestIncidents(store, walk, fits)) return String(row['incident_id']);
  // Rows that an older version has written are not found by the index.
  for await (const row of eachIncident(store)) if (fits(row)) return String(row['incident_id']);
  return undefined;
}
