import type { Subscription, SubscriptionFilter } from '../../domain/pagerduty/subscription.ts';
import { decide, type Step } from './decide.ts';
import { refuseToLoseHeaders } from './keep-headers.ts';
import { type Situation, whileMade } from './situation.ts';

/** What would be done, if all of it succeeds; throws what is known beforehand to fail. */
export function planOf(situation: Situation): Step[] {
  const steps: Step[] = [];
  let now = situation;
  for (let step = decide(now); step.do !== 'nothing' && steps.length < mostSteps; step = decide(now)) {
    refuseToLoseHeaders(now, step);
    steps.push(step);
    now = after(now, step);
  }
  return steps;
}

const madeId = 'new';
const mostSteps = 100;

/** The situation that the step leads to. */
function after(now: Situation, step: Step): Situation {
  const { ours, existing, subscribed, wanted } = now;
  switch (step.do) {
    case 'remove':
      return {
        ...now,
        ours: ours.filter(({ id }) => id !== step.id),
        existing: new Set([...existing].filter((id) => id !== step.id)),
      };
    case 'create':
      return {
        ...now,
        ours: [...ours, unfinished(wanted)],
        existing: new Set([...existing, madeId]),
        stored: [...now.stored, madeId],
        rotated: true,
        subscribed: {
          ...subscribed,
          secrets: [...subscribed.secrets, { fingerprint: madeId, subscription: madeId }],
          replacement: { replaces: step.replaces, successor: madeId },
        },
      };
    case 'change': {
      const { filter, events, ...change } = step.change;
      const whole = { ...change, ...(events && { events: [...events] }) };
      return {
        ...now,
        ours: ours.map((sub) => (sub.id === step.id ? scoped({ ...sub, ...whole }, filter) : sub)),
      };
    }
    case 'enable':
      return {
        ...now,
        ours: ours.map((sub) => (sub.id === step.id ? { ...sub, temporarilyDisabled: false } : sub)),
      };
    case 'prove': {
      const others = subscribed.secrets.filter(({ subscription }) => subscription !== step.id);
      const own = subscribed.secrets.filter(({ subscription }) => subscription === step.id);
      const secrets = [...others, ...own.map((each) => ({ ...each, proven: true as const }))];
      const proofs = own.length > 0 ? [] : [{ subscription: step.id, among: [] }];
      return { ...now, subscribed: { ...subscribed, secrets, proofs: [...subscribed.proofs, ...proofs] } };
    }
    case 'note': {
      const { replacement: _, ...rest } = subscribed;
      const formerSince = new Date(now.nowMs).toISOString();
      const secrets = rest.secrets.map((each) =>
        step.gone.includes(each.subscription) ? { ...each, formerSince } : each,
      );
      return { ...now, subscribed: { ...rest, secrets } };
    }
    case 'forget':
      return { ...now, stored: now.stored.filter((each) => !step.fingerprints.includes(each)) };
  }
}

function scoped(whole: Subscription, filter: SubscriptionFilter | undefined): Subscription {
  if (filter === undefined) return whole;
  const { filterId: _, ...sub } = whole;
  return { ...sub, filter: filter.type, ...(filter.id !== undefined && { filterId: filter.id }) };
}

const unfinished = ({
  url,
  filter,
  events,
  description = '',
  headers,
}: Situation['wanted']): Subscription => ({
  id: madeId,
  url,
  active: false,
  temporarilyDisabled: false,
  events: [...events],
  filter: filter.type,
  ...(filter.id !== undefined && { filterId: filter.id }),
  description: whileMade(description),
  headers: [...headers],
});
