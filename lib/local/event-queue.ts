import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

export interface EventQueueOptions {
  /** The handler that DynamoDB Streams would call. */
  forward(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse | undefined>;
  /** Told of a call that failed; `sweep` will find what it left undone. */
  failed(error: unknown): void;
  /** Calls under way at the same time; one that takes longer than `patienceMs` no longer counts. */
  concurrency?: number;
  patienceMs?: number;
  /** Records waiting; more are left to `sweep`. */
  capacity?: number;
}

export interface EventQueue {
  push(record: DynamoDBRecord): void;
  /** Takes nothing more and waits for the calls under way. */
  stop(): Promise<void>;
}

const maxBatch = 100;
/** Of those that take longer, so many at most: they wait for an answer, which costs nothing but memory. */
const mostLingering = 64;

/**
 * The stream's place on a laptop: hands each record to `forward`, in order within an incident, where a slow one
 * delays nobody else. A call that waits for a slow receiver makes way, also for its incident's next event, which the
 * other receivers want. It may forget: like a stream it only wakes the worker, and what is owed is in the tables.
 */
export function createEventQueue(options: EventQueueOptions): EventQueue {
  const { concurrency = 16, capacity = 1_000, patienceMs = 1_000 } = options;
  /** Records by incident; the incidents that wait for a call are in their order. */
  const waiting = new Map<string, DynamoDBRecord[]>();
  const busy = new Set<string>();
  const calls = new Set<Promise<void>>();
  let lingering = 0;
  let size = 0;
  let stopped = false;

  function start(): void {
    if (stopped) return;
    for (const [incident, records] of waiting) {
      if (calls.size - lingering >= concurrency) return;
      if (busy.has(incident)) continue;
      const batch = records.splice(0, maxBatch);
      if (records.length === 0) waiting.delete(incident);
      size -= batch.length;
      busy.add(incident);
      let lingers = false;
      const timer = setTimeout(() => {
        if (lingering >= mostLingering) return;
        lingers = true;
        lingering++;
        busy.delete(incident);
        start();
      }, patienceMs);
      const call = options
        .forward({ Records: batch })
        .then(() => undefined, options.failed)
        .finally(() => {
          clearTimeout(timer);
          if (lingers) lingering--;
          else busy.delete(incident);
          calls.delete(call);
          start();
        });
      calls.add(call);
    }
  }

  return {
    push(record) {
      if (stopped || size >= capacity) return;
      const incident = record.dynamodb?.Keys?.['incident_id']?.S ?? '';
      const records = waiting.get(incident);
      if (records) records.push(record);
      else waiting.set(incident, [record]);
      size++;
      start();
    },
    async stop() {
      stopped = true;
      await Promise.all(calls);
    },
  };
}
