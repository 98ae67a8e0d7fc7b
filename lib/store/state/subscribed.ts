import type { Store } from '../database/dynamo.ts';
import type { Row } from '../database/marshalled.ts';
import { changeState, readState, type State } from './state.ts';

const name = 'subscribe';

/** A secret by its fingerprint; itself it is kept in the secret store and nowhere else. */
export interface KnownSecret {
  fingerprint: string;
  /** Whose it is. */
  subscription: string;
  /** A ping of that subscription came, signed with a secret that is in the store. */
  proven?: true;
  /** Since then that subscription is gone. ISO 8601. */
  formerSince?: string;
}

/** A subscription whose secret is one of several, and not known which: these were in the store when its ping came. */
export interface Proof {
  subscription: string;
  among: string[];
}

/** What `pdbridge subscribe` remembers from one run to the next. */
export interface Subscribed {
  secrets: KnownSecret[];
  proofs: Proof[];
  /** Under way: the successor, once it is made, takes the place of these. */
  replacement?: { replaces: string[]; successor?: string };
}

export interface SeenSubscribed {
  seen: State;
  subscribed: Subscribed;
}

export async function readSubscribed(store: Store): Promise<SeenSubscribed> {
  const seen = await readState(store, name);
  const { secrets = [], proofs = [], replaces, successor } = seen.row as Partial<Row>;
  const replacement = Array.isArray(replaces)
    ? { replaces: replaces as string[], ...(typeof successor === 'string' && { successor }) }
    : undefined;
  return {
    seen,
    subscribed: {
      secrets: (secrets as Row[]).map(toSecret),
      proofs: proofs as Proof[],
      ...(replacement && { replacement }),
    },
  };
}

/** `false` when somebody has changed it since it was read. */
export async function saveSubscribed(
  store: Store,
  { seen }: SeenSubscribed,
  { secrets, proofs, replacement }: Subscribed,
): Promise<boolean> {
  return changeState(store, name, seen, {
    secrets: secrets.map(({ formerSince, ...secret }) => ({ ...secret, former_since: formerSince })),
    proofs,
    replaces: replacement?.replaces,
    successor: replacement?.successor,
  });
}

const toSecret = ({ fingerprint, subscription, proven, former_since }: Row): KnownSecret => ({
  fingerprint: String(fingerprint),
  subscription: String(subscription),
  ...(proven === true && { proven: true as const }),
  ...(typeof former_since === 'string' && { formerSince: former_since }),
});
