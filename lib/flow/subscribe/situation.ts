import type { Subscription, SubscriptionFilter } from '../../domain/pagerduty/subscription.ts';
import type { Subscribed } from '../../store/state/subscribed.ts';

/** What somebody wants of the webhook subscription that leads to the bridge. */
export interface Wanted {
  url: string;
  filter: SubscriptionFilter;
  /** At least these; what is chosen besides stays. */
  events: readonly string[];
  /** Without one, the description stays as it is. */
  description?: string;
  /** Names; in lower case. What is in a header is never told by PagerDuty. */
  headers: readonly string[];
}

export interface Asked {
  /** Replace it, and so its secret, although nothing is wrong with it. */
  rotate: boolean;
  /** Remove others that tell the same. */
  prune: boolean;
}

/** All that is looked at before a step is taken. Secrets are in it by their fingerprints only. */
export interface Situation {
  wanted: Wanted;
  asked: Asked;
  /** Subscriptions of the account that lead to the bridge, in PagerDuty's order. */
  ours: readonly Subscription[];
  /** Ids of all there are. */
  existing: ReadonlySet<string>;
  /** What is in the secret store. */
  stored: readonly string[];
  subscribed: Subscribed;
  nowMs: number;
  /** No ping of these came through in this run: their secret is not ours. */
  disproved: ReadonlySet<string>;
  /** A replacement that was asked for has been made in this run. */
  rotated: boolean;
}

/** `unknown`: it was not made by us, and nothing has shown yet whose secret it signs with. */
export type SecretStanding = 'stored' | 'unknown' | 'lost';

export function secretOf({ id }: Subscription, { subscribed, stored, disproved }: Situation): SecretStanding {
  const known = subscribed.secrets.find(({ subscription }) => subscription === id);
  if (known) return stored.includes(known.fingerprint) ? 'stored' : 'lost';
  if (disproved.has(id)) return 'lost';
  const proof = subscribed.proofs.find(({ subscription }) => subscription === id);
  return proof?.among.every((fingerprint) => stored.includes(fingerprint)) ? 'stored' : 'unknown';
}

const making = ' (being set up)';

/** How a subscription is called until its secret is kept: whoever finds it later knows that nobody may have it. */
export const whileMade = (description: string): string => `${description}${making}`;
export const isBeingMade = ({ description = '' }: Subscription): boolean => description.endsWith(making);
export const onceMade = (description: string): string =>
  description.endsWith(making) ? description.slice(0, -making.length) : description;

/** Whether two may tell of the same incident. Which services a team has is not looked at. */
export const overlaps = ({ filter, filterId }: Subscription, { filter: wanted }: Wanted): boolean =>
  filter === 'account_reference' ||
  wanted.type === 'account_reference' ||
  (filter === wanted.type && filterId === wanted.id);
