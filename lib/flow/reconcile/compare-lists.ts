import {
  openIncidentsOf,
  readOneIncident,
  resolvedIncidentsOf,
} from '../../adapters/pagerduty-api/incidents.ts';
import { parseTimestamp } from '../../domain/pagerduty/timestamp.ts';
import { incident as kind } from '../../domain/subject/incident.ts';
import { openIncidents } from '../../store/incidents/by-day.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { compare } from './repair.ts';
import { checkTime, type Run } from './run.ts';

/** PagerDuty's lists may be a little behind its log. */
const overlapMs = 300_000;
/** PagerDuty lists no more of one question. */
const cap = 10_000;
const dayMs = 86_400_000;

/** Every incident that is open in PagerDuty, however old it is. */
export async function compareOpen(run: Run): Promise<void> {
  for await (const incident of openIncidentsOf(run.deps.api, cap)) await compare(run, incident);
}

/** Those resolved since the watermark, the last one first. `false`: there were more than can be listed. */
export async function compareResolved(run: Run): Promise<boolean> {
  const sinceMs = run.state.resolvedThroughMs - overlapMs;
  let count = 0;
  for await (const incident of resolvedIncidentsOf(run.deps.api, cap)) {
    count += 1;
    if (incident.resolvedMs !== undefined && incident.resolvedMs < sinceMs) return true;
    await compare(run, incident);
  }
  return count < cap;
}

/** Those that are open here and that PagerDuty has not listed: their end was missed before the watermark. */
export async function compareOpenHere(run: Run): Promise<void> {
  const { deps, state, met, untilMs } = run;
  for (const { id, facts } of await openIncidents(deps.store)) {
    if (facts.source !== 'pagerduty' || met.has(id) || id !== kind.key(id) || id.startsWith('sha256:'))
      continue;
    checkTime(run);
    // Once a day: what PagerDuty does not tell it will not tell in an hour either.
    const asked = parseTimestamp(state.looked[id]?.replace('asked ', ''));
    if (asked !== undefined && asked > deps.clock.now() - dayMs) continue;
    const row = await readIncident(deps.store, id);
    const lastMs = parseTimestamp(row?.['last_event_at']) ?? 0;
    if (row?.['status'] === 'resolved' || lastMs > untilMs) continue;
    const incident = await readOneIncident(deps.api, id);
    if (incident !== undefined) await compare(run, incident);
    else deps.telemetry.info('an open incident is not known to PagerDuty (404)', { incident_id: id });
    state.looked[id] = `asked ${new Date(deps.clock.now()).toISOString()}`;
  }
}
