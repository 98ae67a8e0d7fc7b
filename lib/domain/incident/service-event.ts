import { eventOf } from '../pagerduty/event-data.ts';
import { member, readReference, readTeams, readText } from '../pagerduty/loose.ts';
import type { PagerDutyRef } from '../pagerduty/reference.ts';
import type { LoggedEvent } from './logged-event.ts';

/** What a service event tells about a PagerDuty service. `teams` is absent if it does not say. */
export interface ServiceFacts {
  id: string;
  name?: string;
  url?: string;
  teams?: PagerDutyRef[];
  deleted: boolean;
  occurredAt: string;
}

/** Undefined for any other event, `service.custom_field_values.updated` included: it only refers to a service. */
export function serviceFacts(event: LoggedEvent): ServiceFacts | undefined {
  const data = member(eventOf(event.body), 'data');
  const reference = member(data, 'type') === 'service' ? readReference(data) : undefined;
  if (reference === undefined) return undefined;
  // The service itself carries `name`; `summary` is what references to it say.
  const name = readText(member(data, 'name')) ?? reference.name;
  const teams = readTeams(member(data, 'teams'));
  return {
    ...reference,
    ...(name !== undefined && { name }),
    ...(teams !== undefined && { teams }),
    deleted: event.eventType === 'service.deleted',
    occurredAt: event.occurredAt,
  };
}
