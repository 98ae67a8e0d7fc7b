import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { PagerDutyFault } from '../../adapters/pagerduty-api/pagerduty-fault.ts';
import { readOneService } from '../../adapters/pagerduty-api/services.ts';
import { iso } from '../../store/database/due.ts';
import { showService } from '../subjects/kinds/service.ts';
import type { SweepRun } from './sweep-report.ts';

/** A sweep is not to last longer because of it. */
const longestMs = 10_000;

/**
 * Asks PagerDuty for services that an event has only referred to: their name, address and teams go into the mapping
 * row as of now. The marks bring back what could not be asked for.
 */
export async function completeServices(
  { deps, stopAtMs }: SweepRun,
  api: PagerDutyApi,
  serviceIds: ReadonlySet<string>,
): Promise<void> {
  const { clock, telemetry } = deps;
  const deadlineMs = Math.min(stopAtMs, clock.now() + longestMs);
  for (const id of serviceIds) {
    if (clock.now() >= deadlineMs) return;
    try {
      const found = await readOneService(api, id);
      if (found === undefined) {
        telemetry.warn('PagerDuty has no such service (404), though an event names it', { service_id: id });
        continue;
      }
      const { service, teams } = found;
      await showService(deps, { ...service, teams, deleted: false, occurredAt: iso(clock.now()) });
    } catch (error) {
      if (!(error instanceof PagerDutyFault)) throw error;
      telemetry.warn('PagerDuty could not be asked for a service that no event names', {
        service_id: id,
        reason: error.message,
      });
      return;
    }
  }
}
