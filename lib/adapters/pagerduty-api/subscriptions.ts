import { member, readText } from '../../domain/pagerduty/loose.ts';
import {
  readSubscription,
  type Subscription,
  type SubscriptionFilter,
} from '../../domain/pagerduty/subscription.ts';
import type { PagerDutyApi } from './api.ts';
import { absentIfNotFound, PagerDutyFault } from './pagerduty-fault.ts';
import { eachItem } from './pages.ts';

const all = '/webhook_subscriptions';
const one = (id: string) => `${all}/${id}`;

/** Every webhook subscription of the account. Scope: webhook_subscriptions.read. */
export async function listSubscriptions(api: PagerDutyApi): Promise<Subscription[]> {
  const found: Subscription[] = [];
  for await (const item of eachItem(api, { path: all, key: 'webhook_subscriptions' })) {
    const subscription = readSubscription(item);
    if (subscription !== undefined) found.push(subscription);
  }
  return found;
}

/** One of them, with all that is known of it; undefined where there is none (any more). */
export async function readOneSubscription(api: PagerDutyApi, id: string): Promise<Subscription | undefined> {
  const answer = await absentIfNotFound(api.call({ method: 'GET', path: one(id) }));
  return answer && readSubscription(answer.body['webhook_subscription']);
}

export interface NewSubscription {
  url: string;
  description: string;
  events: readonly string[];
  filter: SubscriptionFilter;
  headers: readonly { name: string; value: string }[];
}

/** Makes one that sends nothing yet. Its secret is told here and never again. Scope: webhook_subscriptions.write. */
export async function createSubscription(
  api: PagerDutyApi,
  { url, description, events, filter, headers }: NewSubscription,
): Promise<{ id: string; secret: string | undefined }> {
  const webhook_subscription = {
    type: 'webhook_subscription',
    active: false,
    delivery_method: { type: 'http_delivery_method', url, custom_headers: headers },
    description,
    events,
    filter,
  };
  const { body } = await api.call({ method: 'POST', path: all, body: { webhook_subscription } });
  const made = body['webhook_subscription'];
  const id = readSubscription(made)?.id;
  // An answer that holds a secret is not quoted.
  if (id === undefined)
    throw new PagerDutyFault('unreadable', `${api.host} did not say what it made of POST ${all}`);
  return { id, secret: readText(member(member(made, 'delivery_method'), 'secret')) };
}

/** What can be changed of one. Its address, headers and secret cannot. */
export interface SubscriptionChange {
  active?: true;
  description?: string;
  events?: readonly string[];
  filter?: SubscriptionFilter;
}

export async function changeSubscription(
  api: PagerDutyApi,
  id: string,
  change: SubscriptionChange,
): Promise<void> {
  await api.call({ method: 'PUT', path: one(id), body: { webhook_subscription: change } });
}

/** What is gone already is as good. */
export async function removeSubscription(api: PagerDutyApi, id: string): Promise<void> {
  await absentIfNotFound(api.call({ method: 'DELETE', path: one(id) }));
}

/** Ends the day for which PagerDuty has disabled it; done twice, it is done once. Scope: webhook_subscriptions.write. */
export async function enableSubscription(api: PagerDutyApi, id: string): Promise<void> {
  await api.call({ method: 'POST', path: `${one(id)}/enable`, repeatable: true });
}

/** Has a signed ping sent. */
export async function pingSubscription(api: PagerDutyApi, id: string): Promise<void> {
  await api.call({ method: 'POST', path: `${one(id)}/ping`, repeatable: true });
}
