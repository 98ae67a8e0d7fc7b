import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { readOneIncident } from '../../adapters/pagerduty-api/incidents.ts';
import { PagerDutyFault } from '../../adapters/pagerduty-api/pagerduty-fault.ts';
import { noteAsked } from '../../store/incidents/asked.ts';
import { readReconciled } from '../../store/state/reconciled.ts';
import { importIncident } from '../import/import-incident.ts';
import type { SweepRun } from './sweep-report.ts';

/** A sweep is not to last longer because of it, on a laptop the next one waits for it. */
const longestMs = 20_000;
/** What happened since then may still be told by webhooks that are on their way. */
const leftToWebhooksMs = 120_000;

/**
 * Asks PagerDuty for incidents of which only notes and the like have come, and imports what it tells: their service,
 * status and times follow from that as from webhooks. What began before reconcile did is the past, which nobody is
 * sent; what came by webhook goes out either way. The marks bring the rest back.
 */
export async function completeIncidents(
  { deps, stopAtMs }: SweepRun,
  api: PagerDutyApi,
  incidentIds: ReadonlySet<string>,
): Promise<void> {
  if (incidentIds.size === 0) return;
  const { store, clock, telemetry } = deps;
  const deadlineMs = Math.min(stopAtMs, clock.now() + longestMs);
  const beginsMs = (await readReconciled(store)).reconciled?.beginsMs ?? Number.POSITIVE_INFINITY;
  for (const id of incidentIds) {
    if (clock.now() >= deadlineMs) return;
    try {
      await noteAsked(store, id, clock.now(), await complete(id));
    } catch (error) {
      if (!(error instanceof PagerDutyFault)) throw error;
      telemetry.warn('PagerDuty could not be asked for an incident that no event tells of', {
        incident_id: id,
        reason: error.message,
      });
      return;
    }
  }

  /** Why nothing came of it, if nothing did. */
  async function complete(id: string): Promise<string | undefined> {
    const incident = await readOneIncident(api, id);
    if (incident === undefined) return 'PagerDuty has no such incident (404)';
    const purpose = incident.createdMs >= beginsMs ? 'repair' : 'history';
    const untilMs = clock.now() - leftToWebhooksMs;
    const { written } = await importIncident({ api, store, clock }, incident, purpose, untilMs);
    return written > 0 ? undefined : 'PagerDuty’s log has nothing that has not been told';
  }
}
