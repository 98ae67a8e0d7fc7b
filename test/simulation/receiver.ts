import type { HttpAnswer, HttpRequest } from '../../lib/ports.ts';
import { createDatadogDeployments, type DatadogDeployments } from './datadog-deployments.ts';
import type { Dice } from './dice.ts';

/** How a receiver misbehaves at one time. */
export type Mood =
  | 'well'
  | 'refuses_connections'
  | 'hangs'
  | 'fails'
  | 'limits'
  | 'redirects'
  | 'forbids'
  /** It takes no more of this, and will not again. */
  | 'retired';

/** What plays Datadog: all incidents' failures, and the deployments with their marks. */
export const isDatadog = (name: string): boolean => name === 'datadog' || name === 'marks';

export interface ReceiverPlan {
  name: string;
  /** [from, until, mood]; the first that fits holds. */
  spells: readonly [number, number, Mood][];
  /** Chance of a random failure at any other time. */
  flakiness: number;
  /** Share of the events this receiver will never accept, and of those it answers with 500 for ever. */
  refusedShare: number;
  poisonShare: number;
  /** It has asked for no more at once. */
  mostAtOnce?: number;
}

/** One request as the receiver saw it. */
export interface Receipt {
  at: number;
  destination: string;
  /** `webhook-id` or the failure's id. */
  id: string;
  request: HttpRequest;
  /** `refused`: no connection was made. */
  status: number | 'none' | 'refused';
  /** The bridge got the answer, and when. */
  heard: boolean;
  heardAt?: number;
}

export type Reaction =
  | { kind: 'answer'; answer: HttpAnswer; receipt: Receipt }
  | { kind: 'refused' }
  | { kind: 'silence' };

type Behaviour = HttpAnswer | 'refused' | 'none';

const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body: status < 300 ? '' : `status ${status}`,
});

/** The same event always meets the same opinion, whatever the time. */
function opinion(id: string, share: number, salt: number): boolean {
  let h = salt;
  for (let at = 0; at < id.length; at += 1) h = (Math.imul(h, 31) + id.charCodeAt(at)) | 0;
  return ((h >>> 0) % 10_000) / 10_000 < share;
}

export interface Receiver {
  plan: ReceiverPlan;
  /** Every attempt that reached it, refused connections included. */
  receipts: Receipt[];
  /** What it holds of deployments, where it is told of them under their ids. */
  deployments?: DatadogDeployments;
  handle(request: HttpRequest, atMs: number): Reaction;
  refuses(id: string): boolean;
  poisoned(id: string): boolean;
  /** Whether it was healthy at a time, random failures aside. */
  mood(atMs: number): Mood;
}

export function createReceiver(plan: ReceiverPlan, dice: Dice): Receiver {
  const receipts: Receipt[] = [];
  const mood = (at: number): Mood =>
    plan.spells.find(([from, until]) => at >= from && at < until)?.[2] ?? 'well';
  const refuses = (id: string) => opinion(id, plan.refusedShare, 17);
  const poisoned = (id: string) => !refuses(id) && opinion(id, plan.poisonShare, 4711);

  const react = (id: string, at: number): Behaviour => {
    let now = mood(at);
    if (now === 'well' && dice.chance(plan.flakiness)) {
      now = dice.pick(['refuses_connections', 'hangs', 'fails', 'limits', 'redirects', 'forbids'] as const);
    }
    if (now === 'refuses_connections') return 'refused';
    if (now === 'hangs') return 'none';
    if (now === 'fails') return answer(dice.pick([500, 502, 503, 504]));
    if (now === 'limits')
      return answer(429, dice.chance(0.7) ? { 'retry-after': String(dice.between(1, 120)) } : {});
    if (now === 'redirects') return answer(302, { location: 'https://elsewhere.example.com' });
    if (now === 'retired') return answer(404);
    // When Datadog says that there is nothing any more, that is the end of it.
    const forbidding = isDatadog(plan.name) ? [401, 403, 408] : [401, 403, 404, 408];
    if (now === 'forbids') return answer(dice.pick(forbidding));
    if (refuses(id)) return answer(400);
    if (poisoned(id)) return answer(500);
    return answer(dice.pick([200, 202, 204]));
  };

  const deployments = plan.name === 'marks' ? createDatadogDeployments() : undefined;
  return {
    plan,
    receipts,
    ...(deployments && { deployments }),
    mood,
    refuses,
    poisoned,
    handle: (request, at) => {
      const id = request.headers['webhook-id'] ?? request.url;
      // Where it forbids, the key is to blame.
      const reaction = request.url.endsWith('/api/v1/validate') ? answer(403) : react(id, at);
      const isTaken = typeof reaction !== 'string' && reaction.status < 300;
      const behaviour = isTaken && deployments ? deployments.take(request) : reaction;
      const status = typeof behaviour === 'string' ? behaviour : behaviour.status;
      const receipt: Receipt = { at, destination: plan.name, id, request, status, heard: false };
      receipts.push(receipt);
      if (behaviour === 'refused') return { kind: 'refused' };
      return behaviour === 'none' ? { kind: 'silence' } : { kind: 'answer', answer: behaviour, receipt };
    },
  };
}
