import {
  changeSubscription,
  createSubscription,
  enableSubscription,
  removeSubscription,
} from '../../adapters/pagerduty-api/subscriptions.ts';
import { iso } from '../../store/database/due.ts';
import { type Proof, type Subscribed, saveSubscribed } from '../../store/state/subscribed.ts';
import { askForPing } from './ask-for-ping.ts';
import type { Step } from './decide.ts';
import { fingerprintOf, type SubscribeDeps, SubscribeFault, type Wish } from './deps.ts';
import type { Looked, Run } from './look.ts';
import { whileMade } from './situation.ts';

/** The bridge reads its secrets anew when a signature does not match, at most every 30 seconds. */
const pingMs = 12_000;
const pings = 4;

/** Does one step. What it leaves behind when it ends anywhere is what `decide` goes on from. */
export async function carryOut(
  deps: SubscribeDeps,
  wish: Wish,
  run: Run,
  step: Step,
  looked: Looked,
): Promise<void> {
  const { api, clock } = deps;
  const { subscribed } = looked.situation;
  switch (step.do) {
    case 'create':
      return create(deps, wish, run, step.replaces, looked);
    case 'change':
      return changeSubscription(api, step.id, step.change);
    case 'enable':
      return enableSubscription(api, step.id);
    case 'remove':
      return removeSubscription(api, step.id);
    case 'prove':
      return prove(deps, run, step.id, looked);
    case 'note': {
      const { replacement: _, ...rest } = subscribed;
      const gone = new Set(step.gone);
      return save(deps, looked, {
        ...rest,
        secrets: rest.secrets.map((each) =>
          gone.has(each.subscription) ? { ...each, formerSince: iso(clock.now()) } : each,
        ),
      });
    }
    case 'forget': {
      const left = looked.secrets.filter((secret) => !step.fingerprints.includes(fingerprintOf(secret)));
      await deps.secrets.write(left);
      const secrets = subscribed.secrets.filter(
        ({ fingerprint }) => !step.fingerprints.includes(fingerprint),
      );
      return save(deps, looked, { ...subscribed, secrets });
    }
  }
}

/**
 *   store can be written ─▶ replacement noted ─▶ made, off ─▶ its fingerprint noted ─▶ its secret stored
 *
 * Killed before the last of it, it has a secret that is in no store: the next run removes it and begins anew.
 */
async function create(
  deps: SubscribeDeps,
  wish: Wish,
  run: Run,
  replaces: string[],
  looked: Looked,
): Promise<void> {
  const { api, secrets } = deps;
  const { wanted, headers, usualDescription } = wish;
  const { subscribed } = looked.situation;
  await secrets.proveWritable().catch((cause: Error) => {
    throw new SubscribeFault('store', `${secrets.where} cannot be written to: ${cause.message}`, { cause });
  });
  await save(deps, looked, { ...subscribed, replacement: { replaces } });
  const replaced = looked.situation.ours.find(({ id }) => id === replaces[0]);
  const description = wanted.description ?? replaced?.description ?? usualDescription;
  const { url, filter, events } = wanted;
  const chosen = [...new Set([...(replaced?.events ?? []), ...events])];
  const made = { url, filter, headers, events: chosen, description: whileMade(description) };
  const { id, secret } = await createSubscription(api, made);
  try {
    if (secret === undefined) throw new Error('PagerDuty told no secret');
    // Secrets are kept in one text with commas between them.
    if (secret !== secret.trim() || secret.includes(',')) throw new Error('it has a comma or a blank in it');
    const known = { fingerprint: fingerprintOf(secret), subscription: id };
    await save(deps, looked, {
      ...subscribed,
      secrets: [...subscribed.secrets, known],
      replacement: { replaces, successor: id },
    });
    await secrets.write([...looked.secrets, secret]);
  } catch (cause) {
    await removeSubscription(api, id);
    const why = (cause as Error).message;
    throw new SubscribeFault('store', `the secret could not be kept, so ${id} was removed again: ${why}`, {
      cause,
    });
  }
  run.rotated = true;
}

async function prove(deps: SubscribeDeps, run: Run, id: string, looked: Looked): Promise<void> {
  const { subscribed, stored } = looked.situation;
  const known = subscribed.secrets.find(({ subscription }) => subscription === id);
  let came = false;
  for (let attempt = 0; attempt < pings && !came; attempt++) came = await askForPing(deps, id, pingMs);
  if (came) return save(deps, looked, withProof(subscribed, stored, id));
  if (known) {
    const says = `no authentic ping of ${id} came, although its secret is in ${deps.secrets.where}: is that where the bridge reads it?`;
    throw new SubscribeFault('not_proven', says);
  }
  run.disproved.add(id);
}

/** Where only one secret is nobody's, it is the one that the ping was signed with. */
function withProof(subscribed: Subscribed, stored: readonly string[], id: string): Subscribed {
  const { secrets } = subscribed;
  if (secrets.some(({ subscription }) => subscription === id)) {
    const proven = secrets.map((each) =>
      each.subscription === id ? { ...each, proven: true as const } : each,
    );
    return { ...subscribed, secrets: proven };
  }
  const nobodys = stored.filter((each) => !secrets.some(({ fingerprint }) => fingerprint === each));
  const [only] = nobodys;
  if (only !== undefined && nobodys.length === 1) {
    const known = { fingerprint: only, subscription: id, proven: true as const };
    return { ...subscribed, secrets: [...secrets, known] };
  }
  const proof: Proof = { subscription: id, among: [...stored] };
  return {
    ...subscribed,
    proofs: [...subscribed.proofs.filter(({ subscription }) => subscription !== id), proof],
  };
}

/** The row as it is from then on, so that a step may change it more than once. */
async function save(deps: SubscribeDeps, looked: Looked, subscribed: Subscribed): Promise<void> {
  const { seen } = looked;
  if (!(await saveSubscribed(deps.store, seen, subscribed)))
    throw new SubscribeFault('elsewhere', 'somebody else is doing the same; let it finish');
  looked.seen = { seen: { ...seen.seen, revision: seen.seen.revision + 1 }, subscribed };
}
