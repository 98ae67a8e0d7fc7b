import { readSubscription, type Subscription } from '../../domain/pagerduty/subscription.ts';
import type { PagerDutyApi } from './api.ts';
import { absentIfNotFound } from './pagerduty-fault.ts';
import { eachItem } from './pages.ts';

/** Every webhook subscription of the account. Scope: webhook_subscriptions.read. */
export async function listSubscriptions(api: PagerDutyApi): Promise<Subscription[]> {
  const found: Subscription[] = [];
  const listing = { path: '/webhook_subscriptions', key: 'webhook_subscriptions' };
  for await (const item of eachItem(api, listing)) {
    const subscription = readSubscription(item);
    if (subscription !== undefined) found.push(subscription);
  }
  return found;
}

/** One of them, with all that is known of it; undefined where there is none (any more). */
export async function readOneSubscription(api: PagerDutyApi, id: string): Promise<Subscription | undefined> {
  const answer = await absentIfNotFound(api.call({ method: 'GET', path: `/webhook_subscriptions/${id}` }));
  return answer && readSubscription(answer.body['webhook_subscription']);
}

/** Ends the day for which PagerDuty has disabled it; done twice, it is done once. Scope: webhook_subscriptions.write. */
export async function enableSubscription(api: PagerDutyApi, id: string): Promise<void> {
  await api.call({ method: 'POST', path: `/webhook_subscriptions/${id}/enable`, repeatable: true });
}
