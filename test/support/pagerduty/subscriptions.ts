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
