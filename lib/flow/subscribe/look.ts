import { listSubscriptions, readOneSubscription } from '../../adapters/pagerduty-api/subscriptions.ts';
import { isOurs } from '../../domain/pagerduty/subscription.ts';
import { readSubscribed, type SeenSubscribed } from '../../store/state/subscribed.ts';
import { fingerprintOf, type SubscribeDeps, type Wish } from './deps.ts';
import type { Situation } from './situation.ts';

/** What this run has found out and done. */
export interface Run {
  disproved: Set<string>;
  rotated: boolean;
}

export interface Looked {
  situation: Situation;
  /** What is in the secret store; it leaves this folder in no way but back into the store. */
  secrets: string[];
  seen: SeenSubscribed;
}

/** What the steps of deploying store before the real one is known. */
const placeholder = /^not[- ]yet[- ]known$/i;

export async function look(deps: SubscribeDeps, { wanted, asked }: Wish, run: Run): Promise<Looked> {
  const { api, store, clock } = deps;
  const all = await listSubscriptions(api);
  const ours = [];
  for (const each of all.filter(({ url }) => isOurs(url, wanted.url))) {
    // Whether one is disabled for a while is told where one asks for it alone.
    const whole = await readOneSubscription(api, each.id);
    if (whole) ours.push(whole);
  }
  const secrets = (await deps.secrets.read()).filter((secret) => !placeholder.test(secret));
  const seen = await readSubscribed(store);
  const situation: Situation = {
    wanted,
    asked,
    ours,
    existing: new Set(all.map(({ id }) => id)),
    stored: secrets.map(fingerprintOf),
    subscribed: seen.subscribed,
    nowMs: clock.now(),
    disproved: run.disproved,
    rotated: run.rotated,
  };
  return { situation, secrets, seen };
}
