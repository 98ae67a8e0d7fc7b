import { readSubscription, type Subscription } from '../../domain/pagerduty/subscription.ts';
import type { PagerDutyApi } from './api.ts';
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
  const { body } = await api.call({ method: 'GET', path: `/webhook_subscriptions/${id}` });
  return readSubscription(body['webhook_subscription']);
}
