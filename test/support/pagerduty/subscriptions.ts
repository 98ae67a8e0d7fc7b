import type { StandInSubscription } from './account.ts';
import { type Asking, page, refusal, type Told } from './answers.ts';

const notFound = refusal(404, 2100, 'Not Found');
const found = ({ account, ids }: Asking) => account.subscriptions.find(({ id }) => id === ids[0]);

export const listSubscriptions = ({ account, query }: Asking): Told =>
  // The list does not say which of them is disabled for a while.
  page(
    'webhook_subscriptions',
    account.subscriptions.map((each) => shown(each, {})),
    query,
  );

export function getSubscription(asking: Asking): Told {
  const subscription = found(asking);
  if (subscription === undefined) return notFound;
  const { temporarilyDisabled } = subscription;
  return {
    body: { webhook_subscription: shown(subscription, { temporarily_disabled: temporarilyDisabled }) },
  };
}

/** Its secret is told here and never again. */
export function createSubscription({ account, body }: Asking): Told {
  const { active, delivery_method, description, events, filter } = wishIn(body);
  if (!delivery_method?.url || !events?.length || !filter?.type)
    return refusal(400, 2001, 'Invalid Input Provided', ['delivery_method, events and filter are needed.']);
  account.made += 1;
  const made: StandInSubscription = {
    id: `PMADE${String(account.made).padStart(2, '0')}`,
    url: delivery_method.url,
    active: account.honoursInactive ? active !== false : true,
    temporarilyDisabled: false,
    events,
    filter,
    description: description ?? '',
    headers: delivery_method.custom_headers ?? [],
    secret: account.newSecret(account.made),
  };
  account.subscriptions.push(made);
  const shownOnce = { temporarily_disabled: false, secret: made.secret };
  return { status: 201, body: { webhook_subscription: shown(made, shownOnce) } };
}

/** How it delivers cannot be changed. */
export function changeSubscription(asking: Asking): Told {
  const subscription = found(asking);
  if (subscription === undefined) return notFound;
  const { delivery_method, active, description, events, filter } = wishIn(asking.body);
  if (delivery_method) return refusal(400, 2001, 'Invalid Input Provided', ['delivery_method is immutable.']);
  if (active !== undefined) subscription.active = active;
  if (description !== undefined) subscription.description = description;
  if (events !== undefined) subscription.events = events;
  if (filter !== undefined) subscription.filter = filter;
  return { body: { webhook_subscription: shown(subscription, {}) } };
}

export function removeSubscription(asking: Asking): Told {
  const { account } = asking;
  if (found(asking) === undefined) return notFound;
  account.subscriptions = account.subscriptions.filter(({ id }) => id !== asking.ids[0]);
  return { status: 204 };
}

interface Wish {
  active?: boolean;
  description?: string;
  events?: string[];
  filter?: StandInSubscription['filter'];
  delivery_method?: { url?: string; custom_headers?: StandInSubscription['headers'] };
}

const wishIn = (body: unknown): Wish => (body as { webhook_subscription?: Wish }).webhook_subscription ?? {};

export function pingSubscription(asking: Asking): Told {
  const subscription = found(asking);
  if (subscription === undefined) return notFound;
  asking.account.sendPing(subscription);
  return { status: 202 };
}

export function enableSubscription(asking: Asking): Told {
  const subscription = found(asking);
  if (subscription === undefined) return notFound;
  subscription.temporarilyDisabled = false;
  return getSubscription(asking);
}

/** What is in a header is never told again. */
function shown(
  { id, url, active, events, filter, description, headers }: StandInSubscription,
  delivery: object,
): object {
  return {
    id,
    type: 'webhook_subscription',
    active,
    delivery_method: {
      id: `D${id}`,
      type: 'http_delivery_method',
      url,
      custom_headers: headers.map(({ name }) => ({ name, value: '-- redacted --' })),
      secret: null,
      ...delivery,
    },
    description,
    events,
    filter,
  };
}
