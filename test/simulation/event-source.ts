import type { Dice } from './dice.ts';
import type { Change } from './dynamodb/database.ts';
import type { StreamPlan } from './scenario.ts';
import type { Scheduler } from './scheduler.ts';

export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT';
  eventSource: 'aws:dynamodb';
  dynamodb: { Keys: Change['key']; SequenceNumber: string };
  at: number;
}

/** What came of handing a batch to `forward`. */
export type BatchOutcome = { failures: string[] } | 'failed';

export interface EventSource {
  insert(change: Change): void;
  /** Nothing is waiting and nothing is being worked on. */
  idle(): boolean;
}

const trimAfterMs = 24 * 3_600_000;

/**
 * The stream of the `events` table with its event source mapping, as AWS documents them: order per item,
 * batches, bounded retries from the first failure on, bisecting, records trimmed after a day, and everything at
 * least once.
 */
export function createEventSource(
  scheduler: Scheduler,
  dice: Dice,
  plan: StreamPlan,
  forward: (records: StreamRecord[], done: (outcome: BatchOutcome) => void) => void,
): EventSource {
  const shards: StreamRecord[][] = Array.from({ length: plan.shards }, () => []);
  const busy = shards.map(() => false);
  let serial = 0;
  let working = 0;

  const hand = (records: StreamRecord[], done: (outcome: BatchOutcome) => void) => {
    working += 1;
    forward(records, (outcome) => {
      working -= 1;
      done(outcome);
    });
    if (!dice.chance(plan.duplicateRate)) return;
    working += 1;
    scheduler.after(dice.spread(1, 1_800_000), () =>
      forward(dice.chance(0.3) ? records.toReversed() : records, () => {
        working -= 1;
      }),
    );
  };

  const pausedUntil = (now: number): number | undefined =>
    plan.pauses.find(([from, until]) => now >= from && now < until)?.[1];

  const poll = (shard: number) => {
    const queue = shards[shard] as StreamRecord[];
    const now = scheduler.now();
    const resume = pausedUntil(now);
    if (resume !== undefined) {
      scheduler.at(resume + dice.between(0, 5_000), () => poll(shard));
      return;
    }
    while (queue[0] && queue[0].at < now - trimAfterMs) queue.shift();
    const batch = queue.slice(0, plan.batchSize);
    if (batch.length === 0) {
      busy[shard] = false;
      return;
    }
    attempt(batch, 1, () => {
      queue.splice(0, batch.length);
      poll(shard);
    });
  };

  const attempt = (batch: StreamRecord[], tries: number, done: () => void) => {
    hand(batch, (outcome) => {
      const failures = outcome === 'failed' ? batch.map(sequenceOf) : outcome.failures;
      const first = batch.findIndex((record) => failures.includes(sequenceOf(record)));
      const rest = first < 0 ? [] : batch.slice(first);
      if (rest.length === 0 || tries > plan.attempts) {
        done();
        return;
      }
      scheduler.after(dice.spread(200, 10_000), () => {
        const middle = Math.ceil(rest.length / 2);
        if (outcome !== 'failed' || rest.length === 1) attempt(rest, tries + 1, done);
        else {
          attempt(rest.slice(0, middle), tries + 1, () => attempt(rest.slice(middle), tries + 1, done));
        }
      });
    });
  };

  const sequenceOf = (record: StreamRecord) => record.dynamodb.SequenceNumber;

  return {
    insert: ({ key }) => {
      serial += 1;
      const record: StreamRecord = {
        eventID: String(serial),
        eventName: 'INSERT',
        eventSource: 'aws:dynamodb',
        dynamodb: { Keys: key, SequenceNumber: String(serial).padStart(21, '0') },
        at: scheduler.now(),
      };
      if (plan.direct) {
        if (pausedUntil(scheduler.now()) === undefined) {
          scheduler.after(1, () => hand([record], () => {}));
        }
        return;
      }
      const shard = hashOf(key['incident_id']?.S ?? '') % plan.shards;
      (shards[shard] as StreamRecord[]).push(record);
      if (busy[shard]) return;
      busy[shard] = true;
      scheduler.after(dice.between(50, 500), () => poll(shard));
    },
    idle: () => working === 0 && !busy.includes(true),
  };
}

function hashOf(text: string): number {
  let h = 7;
  for (let at = 0; at < text.length; at += 1) h = (Math.imul(h, 31) + text.charCodeAt(at)) | 0;
  return h >>> 0;
}
