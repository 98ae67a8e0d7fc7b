import { isDeepStrictEqual } from 'node:util';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { lastEventKey, markEventDue } from '../../store/events/events.ts';
import { dayAttributes } from '../../store/incidents/by-day.ts';
import { askForCause, toldCauses } from '../../store/incidents/causes.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { acquireLease, commitIncident, leaseMs, refreshLease } from '../../store/incidents/lease.ts';
import type { LinkDeps, RejudgeDeps } from './deps.ts';
import { judgedBy, judgeIncident } from './judge-incident.ts';
import { causeAttributes, recordedCause } from './recorded-cause.ts';
import { tellDeployments } from './tell-deployments.ts';

/**
 * Judges an incident's cause anew, under its lease where that changes anything: for a deployment that has come or
 * changed, and for a person. Needs no log, so it holds for incidents whose events have expired too. Where another
 * worker has the lease, that one is asked to, by a note and a due mark. `believer`: a deployment that has the incident
 * for its own; it is told where that is not so, though a row that was lost may know nothing of it.
 */
export async function rejudge(
  deps: RejudgeDeps,
  incidentId: string,
  believer?: string,
): Promise<'same' | 'judged' | 'asked'> {
  const { store, clock, random } = deps;
  const seen = await readIncident(store, incidentId);
  if (!seen) return 'same';
  const now = clock.now();
  const leased = String(seen['lease_until'] ?? '') > iso(now);
  if (!leased && isDeepStrictEqual(recordedCause(seen), await judgeIncident(deps, seen))) {
    // Who died before it was told everybody has left somebody on the row.
    const isDone = seen['cause_judged_by'] === judgedBy(deps.config, seen) && !isTelling(seen);
    if (isDone && (believer === undefined || Object.hasOwn(toldCauses(seen), believer))) return 'same';
  }
  const taken = await acquireLease(store, incidentId, random.token(), now, now + leaseMs, []);
  if (taken === 'taken') return ask(deps, incidentId);
  let lease = taken;
  for (;;) {
    if (believer !== undefined) {
      const known = toldCauses(lease.row);
      lease.row = { ...lease.row, cause_told: { ...known, [believer]: known[believer] ?? '' } };
    }
    const attributes = await causeOn(deps, lease.row);
    const told = await tellDeployments(deps, lease, { ...lease.row, ...attributes });
    if (told === 'lost') return ask(deps, incidentId);
    const committed = await commitIncident(store, lease, { ...attributes, ...told });
    if (committed === 'released') return 'judged';
    // A note left by a worker meanwhile is lost with the lease, but not the due mark of the event it is about.
    const refreshed = committed === 'lost' ? 'lost' : await refreshLease(store, lease);
    if (refreshed === 'lost') return ask(deps, incidentId);
    lease = refreshed;
  }
}

/** Whether somebody may have been told something that does not stand on the row. */
const isTelling = (row: Row): boolean => Object.values((row['cause_told'] ?? {}) as Row).includes('');

/** The attributes that a row has by its cause, judged now. */
export async function causeOn(deps: LinkDeps, row: Row): Promise<Row> {
  const judged = { ...row, ...causeAttributes(await judgeIncident(deps, row)) };
  const attributes = {
    ...causeAttributes(recordedCause(judged)),
    cause_judged_by: judgedBy(deps.config, judged),
    cause_answered: row['cause_asked'],
  };
  return { ...attributes, ...dayAttributes(String(row['incident_id']), { ...row, ...attributes }) };
}

async function ask({ store, clock }: RejudgeDeps, incidentId: string): Promise<'asked'> {
  await askForCause(store, incidentId);
  const last = await lastEventKey(store, incidentId);
  // Without a log nothing brings anybody here but whoever asks: that one has to come again.
  if (!last) throw new Error(`incident ${incidentId} is being worked on and has no events left; try again`);
  await markEventDue(store, last, clock.now());
  return 'asked';
}
