import { openIncidentsOf, resolvedIncidentsOf } from '../../../adapters/pagerduty-api/incidents.ts';
import { PagerDutyFault } from '../../../adapters/pagerduty-api/pagerduty-fault.ts';
import type { AccountIncident } from '../../../domain/pagerduty/history/account-incident.ts';
import { readIncident } from '../../../store/incidents/incidents.ts';
import { type Check, type DoctorDeps, orOk, skipped, warning } from '../check.ts';
import { noKey, setKey } from './token.ts';

const dayMs = 86_400_000;
/** What is younger is left to webhooks. */
const youngMs = 10 * 60_000;
/** A page of each; who asks waits for it. */
const most = 100;

/** Whether what PagerDuty says of the incidents of the last day is what their rows say. */
export const missed: Check = {
  name: 'missed',
  async look(deps) {
    const { pagerDuty, clock } = deps;
    if (pagerDuty === undefined) return skipped(noKey, setKey);
    const sinceMs = clock.now() - dayMs;
    const incidents: AccountIncident[] = [];
    try {
      for await (const each of openIncidentsOf(pagerDuty, most)) incidents.push(each);
      for await (const each of resolvedIncidentsOf(pagerDuty, most)) incidents.push(each);
    } catch (error) {
      if (error instanceof PagerDutyFault) return skipped(`PagerDuty did not tell: ${error.message}`);
      throw error;
    }
    const ofTheDay = incidents.filter(
      ({ createdMs, resolvedMs = createdMs }) =>
        createdMs >= sinceMs && Math.max(createdMs, resolvedMs) <= clock.now() - youngMs,
    );
    const differing = await Promise.all(ofTheDay.map((each) => differs(deps, each)));
    const ids = ofTheDay.flatMap(({ id }, at) => (differing[at] ? [id] : []));
    const shown = `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}`;
    const number = ids.length === 1 ? '1 incident' : `${ids.length} incidents`;
    const since = new Date(sinceMs).toISOString();
    const says = `${number} of the last day at PagerDuty, of ${ofTheDay.length}, are not here or not so: ${shown}`;
    const findings = ids.length > 0 ? [warning(says, `npx pdbridge reconcile --since ${since}`)] : [];
    return orOk(findings, `${ofTheDay.length} incidents of the last day are as PagerDuty has them`);
  },
};

/** Open at one and over at the other, or known to one only. */
async function differs({ store }: DoctorDeps, { id, status }: AccountIncident): Promise<boolean> {
  const row = await readIncident(store, id);
  return row === undefined || (row['status'] === 'resolved') !== (status === 'resolved');
}
