import { member, readName, readReference } from '../loose.ts';
import type { AccountIncident } from './account-incident.ts';

/** What our row says of an incident, as far as PagerDuty's list can contradict it. */
export interface KnownIncident {
  /** Absent where no event has told it yet. */
  status?: string | undefined;
  serviceId?: string | undefined;
  priority?: string | undefined;
  finishedMs?: number | undefined;
}

export type Difference = 'unknown' | 'status' | 'end' | 'service' | 'priority';

/** As far as a webhook's time and PagerDuty's own may differ before two ends are two. */
const sameEndMs = 60_000;

/**
 * In what an incident as PagerDuty lists it is otherwise than our row, if it is. Only what its log can mend is compared:
 * urgency, title and teams leave no entry that tells how they were. What changed after `untilMs` is left to webhooks.
 */
export function differs(
  incident: AccountIncident,
  known: KnownIncident | undefined,
  untilMs: number,
): Difference | undefined {
  if (known?.status === undefined) return 'unknown';
  const { status, lastStatusChangeMs, resolvedMs } = incident;
  const settled = (lastStatusChangeMs ?? incident.createdMs) <= untilMs;
  if (settled && status !== known.status) return 'status';
  if (settled && status === 'resolved' && resolvedMs !== undefined) {
    if (Math.abs((known.finishedMs ?? 0) - resolvedMs) > sameEndMs) return 'end';
  }
  const serviceId = readReference(incident.service)?.id;
  if (serviceId !== undefined && serviceId !== known.serviceId) return 'service';
  return readName(incident.priority) === known.priority ? undefined : 'priority';
}

/** Ids of the teams an incident is with now. */
export function teamsOf({ raw }: AccountIncident): string[] {
  const teams = member(raw, 'teams');
  return (Array.isArray(teams) ? teams : []).flatMap((team) => readReference(team)?.id ?? []);
}
