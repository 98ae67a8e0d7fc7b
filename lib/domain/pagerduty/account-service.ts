import { member, readReference, readTeams } from './loose.ts';
import type { PagerDutyRef } from './reference.ts';

/** A service as PagerDuty's REST API lists it. */
export interface AccountService {
  service: PagerDutyRef;
  /** Its own teams; an incident's are those of its escalation policy, which are mostly the same. */
  teams: PagerDutyRef[];
  /** It takes no events at the moment. */
  disabled: boolean;
}

/** Undefined for what names no service. */
export function readAccountService(value: unknown): AccountService | undefined {
  const service = readReference(value);
  if (service === undefined) return undefined;
  return {
    service,
    teams: readTeams(member(value, 'teams')) ?? [],
    disabled: member(value, 'status') === 'disabled',
  };
}
