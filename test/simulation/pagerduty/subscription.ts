import { createHmac } from 'node:crypto';
import type { Gap } from '../account/account-plan.ts';
import type { Dice } from '../dice.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SentEvent } from './incident-picture.ts';

/** What PagerDuty is told about one attempt; undefined when nothing came back in time. */
export type Answer = { status: number; body: string } | undefined;

export interface WebhookRequest {
  method: string;
  headers: Record<string, string>;
  rawBody: Uint8Array;
}

/** One attempt as PagerDuty remembers it. */
export interface Attempt {
  at: number;
  answeredAt: number;
  event: SentEvent;
  subscription: string;
  status: number | undefined;
  body: string | undefined;
}

export interface SubscriptionDeps {
  scheduler: Scheduler;
  dice: Dice;
  /** Posts to the bridge. The listener is called once, with nothing if the connection broke. */
  post(request: WebhookRequest, listener: (answer: Answer) => void): void;
  record(attempt: Attempt): void;
}

export interface SubscriptionConfig {
  id: string;
  /** Secrets PagerDuty signs with at this time: two while one is being rotated. */
  secrets(nowMs: number): string[];
  headers: Record<string, string>;
  /** How often an event that was delivered is delivered again all the same. */
  duplicateRate: number;
  /** Best-effort events may overtake each other. */
  unordered: boolean;
  /** Times in which nothing of what happens is ever sent. */
  gaps?: readonly Gap[];
}

const hour = 3_600_000;
const limits = { answerMs: 5_000, retryForMs: 48 * hour, dropsToDisable: 3, disabledMs: 24 * hour };

/**
 * One webhook subscription as PagerDuty documents it: 5 seconds to answer, retries for 48 hours while later
 * events of the incident wait, any 4xx but 429 drops the event, three drops in a row disable it for 24 hours.
 */
export function createSubscription(deps: SubscriptionDeps, config: SubscriptionConfig) {
  const { scheduler, dice } = deps;
  const queues = new Map<string, SentEvent[]>();
  let drops = 0;
  let disabledUntil = 0;
  let enabledAt = 0;
  let serial = 0;
  let waiting = 0;

  const gapNow = (): Gap | undefined => {
    const now = scheduler.now();
    return config.gaps?.find(
      ({ from, until, kind }) => now >= from && now < until && !(kind === 'disabled' && enabledAt >= from),
    );
  };
  const isSilent = () => scheduler.now() < disabledUntil || ![undefined, 'late'].includes(gapNow()?.kind);

  const enqueue = (event: SentEvent) => {
    if (isSilent()) return;
    const late = gapNow();
    if (late) {
      waiting += 1;
      scheduler.at(late.until, () => {
        waiting -= 1;
        enqueue(event);
      });
      return;
    }
    const line = config.unordered ? event.eventId : (event.incidentId ?? event.eventId);
    const queue = queues.get(line);
    waiting += 1;
    if (queue) {
      queue.push(event);
      return;
    }
    const fresh = [event];
    queues.set(line, fresh);
    send(line, fresh);
  };

  const send = (line: string, queue: SentEvent[]) => {
    const event = queue[0];
    if (!event) {
      queues.delete(line);
      return;
    }
    const since = scheduler.now();
    serial += 1;
    const webhookId = `${config.id}-${serial}`;
    const next = () => {
      waiting -= 1;
      queue.shift();
      send(line, queue);
    };
    const attempt = (tries: number) => {
      const wait = Math.min(10_000 * 2 ** Math.min(tries, 12), hour);
      const retry = () => {
        if (scheduler.now() - since > limits.retryForMs) next();
        else scheduler.after(wait * (0.75 + dice.unit() / 2), () => attempt(tries + 1));
      };
      if (isSilent()) {
        waiting -= queue.length;
        queues.delete(line);
        return;
      }
      post(event, webhookId, (answer) => {
        const status = answer?.status;
        if (status !== undefined && status >= 200 && status < 300) {
          drops = 0;
          duplicate(event, webhookId);
          next();
        } else if (status !== undefined && status >= 400 && status < 500 && status !== 429) {
          drops += 1;
          if (drops >= limits.dropsToDisable) disabledUntil = scheduler.now() + limits.disabledMs;
          next();
        } else retry();
      });
    };
    attempt(0);
  };

  /** At least once: now and then again, now or days later. */
  const duplicate = (event: SentEvent, webhookId: string) => {
    if (!dice.chance(config.duplicateRate)) return;
    const again = dice.chance(0.5) ? dice.spread(1, 60_000) : dice.spread(60_000, 60 * hour);
    scheduler.after(again, () => post(event, webhookId, () => {}));
  };

  const post = (event: SentEvent, webhookId: string, listener: (answer: Answer) => void) => {
    const at = scheduler.now();
    let waitingForAnswer = true;
    const settle = (answer: Answer) => {
      if (!waitingForAnswer) return;
      waitingForAnswer = false;
      deps.record({
        at,
        answeredAt: scheduler.now(),
        event,
        subscription: config.id,
        status: answer?.status,
        body: answer?.body,
      });
      listener(answer);
    };
    scheduler.after(limits.answerMs, () => settle(undefined));
    scheduler.after(dice.between(20, 150), () =>
      deps.post(signedRequest(event, webhookId), (answer) =>
        scheduler.after(dice.between(10, 60), () => settle(answer)),
      ),
    );
  };

  const signedRequest = (event: SentEvent, webhookId: string): WebhookRequest => {
    const rawBody = Buffer.from(event.body);
    const sign = (secret: string) => `v1=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
    const secrets = config.secrets(scheduler.now());
    return {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'PagerDuty-Webhook/V3.0',
        'x-webhook-id': webhookId,
        'x-webhook-subscription': config.id,
        ...(secrets.length > 0 && {
          'x-pagerduty-signature': secrets.map(sign).join(dice.chance(0.5) ? ',' : ', '),
        }),
        ...config.headers,
      },
      rawBody,
    };
  };

  return {
    id: config.id,
    enqueue,
    waiting: () => waiting,
    /** As PagerDuty says itself. */
    isDisabled: () => scheduler.now() < disabledUntil || gapNow()?.kind === 'disabled',
    enable: () => {
      if (scheduler.now() < disabledUntil || gapNow()?.kind === 'disabled') enabledAt = scheduler.now();
      disabledUntil = 0;
    },
  };
}
