import { readReference } from '../loose.ts';
import type { Subscription } from '../subscription.ts';
import type { AccountIncident } from './account-incident.ts';
import { teamsOf } from './differs.ts';

/** What the webhook subscriptions that lead here would tell, had nothing been lost: nothing else is missing. */
export interface ToldByWebhooks {
  event(type: string): boolean;
  incident(incident: AccountIncident): boolean;
}

type Chosen = Pick<Subscription, 'events' | 'filter' | 'filterId'>;

/** Of subscriptions that nobody knows, everything is expected. */
export function toldBy(subscriptions: readonly Chosen[]): ToldByWebhooks {
  if (subscriptions.length === 0) return { event: () => true, incident: () => true };
  const events = new Set(subscriptions.flatMap((each) => each.events));
  return {
    event: (type) => events.has(type),
    incident: (incident) => subscriptions.some((each) => isIn(each, incident)),
  };
}

function isIn({ filter, filterId }: Chosen, incident: AccountIncident): boolean {
  if (filterId === undefined || filter === 'account_reference') return true;
  if (filter === 'team_reference') return teamsOf(incident).includes(filterId);
  return readReference(incident.service)?.id === filterId;
}
