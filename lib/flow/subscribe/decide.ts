import type { SubscriptionChange } from '../../adapters/pagerduty-api/subscriptions.ts';
import type { Subscription } from '../../domain/pagerduty/subscription.ts';
import {
  isBeingMade,
  onceMade,
  overlaps,
  type SecretStanding,
  type Situation,
  secretOf,
} from './situation.ts';

export type Step =
  /** `unfinished`: nobody has its secret. `replaced`: its successor is at work. `surplus`: another tells the same. */
  | { do: 'remove'; id: string; because: 'unfinished' | 'replaced' | 'surplus' }
  | { do: 'create'; replaces: string[]; because: 'none' | 'asked' | 'headers' | 'secret' }
  | { do: 'change'; id: string; change: SubscriptionChange; because: string[] }
  | { do: 'enable'; id: string }
  /** A ping shows that its secret is ours. */
  | { do: 'prove'; id: string }
  /** Notes that a replacement is over and which subscriptions are gone. */
  | { do: 'note'; gone: string[] }
  /** Takes secrets out of the store that nobody signs with any more. */
  | { do: 'forget'; fingerprints: string[] };

export type Decision =
  | Step
  | {
      do: 'nothing';
      keeper: string;
      /** Others that tell the same. */
      surplus: string[];
      /** When secrets of subscriptions that are gone leave the store. */
      forgetsAtMs?: number;
    };

/** What PagerDuty has not got rid of, it sends for two days. */
const formerMs = 48 * 3_600_000;

interface Candidate {
  sub: Subscription;
  secret: SecretStanding;
}

/**
 * The next step towards one subscription that tells everything and whose secret is in the store. Pure. One step at a
 * time, and after it everything is looked at anew: whoever is killed anywhere goes on from what there is.
 *
 *   created, off ─▶ secret stored ─▶ on ─▶ its ping came ─▶ those it replaces removed ─▶ their secrets forgotten
 *        └ killed here: nobody has its secret, so it is removed and another one made
 */
export function decide(situation: Situation): Decision {
  const { ours, wanted, asked, subscribed } = situation;
  const all = ours.map((sub): Candidate => ({ sub, secret: secretOf(sub, situation) }));
  const unfinished = all.find(({ sub, secret }) => isBeingMade(sub) && secret !== 'stored');
  if (unfinished) return { do: 'remove', id: unfinished.sub.id, because: 'unfinished' };

  const candidates = all.filter(({ sub }) => overlaps(sub, wanted));
  const { replacement } = subscribed;
  const keeper = replacement
    ? all.find(({ sub, secret }) => sub.id === replacement.successor && secret === 'stored')
    : best(candidates, situation);
  if (!keeper) {
    const replaces = replacement
      ? [...replacement.replaces, ...(replacement.successor ? [replacement.successor] : [])]
      : candidates.map(({ sub }) => sub.id);
    return { do: 'create', replaces, because: replaces.length === 0 ? 'none' : 'secret' };
  }
  const mended = mend(keeper, situation);
  if (mended) return mended;
  if (replacement) return finish(replacement.replaces, situation);

  const { id, headers } = keeper.sub;
  const lacksHeader = wanted.headers.some((name) => !headers.some((each) => each.toLowerCase() === name));
  if (lacksHeader) return { do: 'create', replaces: [id], because: 'headers' };
  if (asked.rotate && !situation.rotated) return { do: 'create', replaces: [id], because: 'asked' };
  const surplus = candidates.filter((each) => each !== keeper).map(({ sub }) => sub.id);
  const [first] = surplus;
  if (asked.prune && first !== undefined) return { do: 'remove', id: first, because: 'surplus' };
  return tidy(id, surplus, situation);
}

/** Of those whose secret may be ours: the wanted scope, a known secret, active; and the last of PagerDuty's list. */
function best(candidates: readonly Candidate[], { wanted }: Situation): Candidate | undefined {
  const rank = ({ sub, secret }: Candidate) =>
    (sub.filter === wanted.filter.type ? 8 : 0) +
    (secret === 'stored' ? 4 : 0) +
    (sub.active ? 2 : 0) +
    (sub.temporarilyDisabled ? 0 : 1);
  return candidates
    .filter(({ secret }) => secret !== 'lost')
    .reduce<Candidate | undefined>(
      (found, each) => (found && rank(found) > rank(each) ? found : each),
      undefined,
    );
}

/** What makes it send everything, to somebody who takes it. */
function mend({ sub, secret }: Candidate, { wanted, subscribed }: Situation): Step | undefined {
  const { id, active, events, filter, filterId, description = '' } = sub;
  const missing = wanted.events.filter((type) => !events.includes(type));
  const otherFilter = filter !== wanted.filter.type || filterId !== wanted.filter.id;
  const called = wanted.description ?? onceMade(description);
  const change: SubscriptionChange = {
    ...(!active && { active: true as const }),
    ...(missing.length > 0 && { events: [...events, ...missing] }),
    ...(otherFilter && { filter: wanted.filter }),
    ...(called !== description && { description: called }),
  };
  const because = [
    ...(active ? [] : ['switched on']),
    ...(missing.length > 0 ? [`sends ${missing.length} more types of events`] : []),
    ...(otherFilter ? [`tells of ${scopeOf(wanted.filter)}`] : []),
    ...(called !== description && !isBeingMade(sub) ? ['called otherwise'] : []),
  ];
  if (Object.keys(change).length > 0) return { do: 'change', id, change, because };
  if (sub.temporarilyDisabled) return { do: 'enable', id };
  const known = subscribed.secrets.find(({ subscription }) => subscription === id);
  return secret === 'unknown' || (known && !known.proven) ? { do: 'prove', id } : undefined;
}

const scopeOf = ({ type, id }: Situation['wanted']['filter']): string =>
  type === 'account_reference' ? 'the whole account' : `the ${type.replace('_reference', '')} ${id}`;

/** The successor is at work: what it replaces goes, one after the other, and then it is as if there was never more. */
function finish(replaces: readonly string[], { ours, subscribed, existing }: Situation): Step {
  const left = replaces.find((id) => ours.some((sub) => sub.id === id));
  if (left !== undefined) return { do: 'remove', id: left, because: 'replaced' };
  return { do: 'note', gone: goneOf(subscribed.secrets, existing) };
}

const goneOf = (secrets: Situation['subscribed']['secrets'], existing: ReadonlySet<string>): string[] =>
  secrets
    .filter(({ subscription, formerSince }) => formerSince === undefined && !existing.has(subscription))
    .map(({ subscription }) => subscription);

function tidy(keeper: string, surplus: string[], situation: Situation): Decision {
  const { subscribed, existing, stored, nowMs } = situation;
  const gone = goneOf(subscribed.secrets, existing);
  if (gone.length > 0) return { do: 'note', gone };
  const former = subscribed.secrets.flatMap(({ fingerprint, formerSince }) =>
    formerSince === undefined || !stored.includes(fingerprint)
      ? []
      : [{ fingerprint, untilMs: Date.parse(formerSince) + formerMs }],
  );
  const due = former.filter(({ untilMs }) => untilMs <= nowMs).map(({ fingerprint }) => fingerprint);
  if (due.length > 0) return { do: 'forget', fingerprints: due };
  const forgetsAtMs = Math.min(...former.map(({ untilMs }) => untilMs));
  return { do: 'nothing', keeper, surplus, ...(former.length > 0 && { forgetsAtMs }) };
}
