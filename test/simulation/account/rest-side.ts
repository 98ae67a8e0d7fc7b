import { documentedEvents } from '../../../lib/domain/pagerduty/subscription.ts';
import type { HttpAnswer, HttpRequest } from '../../../lib/ports.ts';
import { createAccount } from '../../support/pagerduty/account.ts';
import { answerRest } from '../../support/pagerduty/rest-api.ts';
import { restViewOf } from '../../support/pagerduty/rest-view.ts';
import type { Dice } from '../dice.ts';
import type { SentEvent } from '../pagerduty/incident-picture.ts';
import type { createSubscription } from '../pagerduty/subscription.ts';
import type { AccountPlan } from './account-plan.ts';

export const webhookUrl = 'https://bridge.example.com/webhooks/pagerduty';
/** What the secrets of the run say of `ssm:/bridge/account`. */
export const keys = { read: 'canary-of-/bridge/account', full: 'canary-of-/bridge/account-writer' };

export interface RestSideDeps {
  now(): number;
  dice: Dice;
  /** Requests may meet something. */
  stormy(): boolean;
  /** Every incident as it went, the first event first. */
  stories: readonly SentEvent[][];
  subscriptions: readonly ReturnType<typeof createSubscription>[];
}

/** The account as PagerDuty's REST API tells it at any time: what has happened so far, in whole seconds. */
export function createRestSide(plan: AccountPlan, deps: RestSideDeps) {
  const { now, dice, stories, subscriptions } = deps;
  const account = createAccount(
    { now },
    {
      rateLimit: plan.rateLimit,
      tokens: new Map([
        [keys.read, 'read'],
        [keys.full, 'full'],
      ]),
    },
  );
  const look = () => {
    account.incidents = stories
      .map((story) => story.filter(({ occurredAtMs }) => occurredAtMs <= now()))
      .filter((story) => story.length > 0)
      .map(restViewOf);
    account.subscriptions = subscriptions.map((each) => ({
      id: each.id,
      url: webhookUrl,
      active: true,
      temporarilyDisabled: each.isDisabled(),
      // All of what the stories send.
      events: [...documentedEvents, 'incident.title_updated', 'incident.something_new'],
      filter: { type: 'account_reference' },
      description: '',
      headers: [],
      secret: '',
    }));
  };
  return {
    asked: account.asked,
    answer({ method, url, headers, body = '' }: HttpRequest): HttpAnswer {
      const { pathname, search } = new URL(url);
      if (deps.stormy() && dice.chance(plan.refusals)) {
        const status = dice.pick([429, 500, 503, 200] as const);
        // One that breaks off is no JSON.
        return { status, headers: {}, body: status === 200 ? '{"incidents":[{"id":' : '' };
      }
      look();
      const answer = answerRest(account, { method, path: pathname + search, headers: { ...headers }, body });
      for (const [at, { temporarilyDisabled }] of account.subscriptions.entries())
        if (!temporarilyDisabled) subscriptions[at]?.enable();
      return answer;
    },
  };
}
