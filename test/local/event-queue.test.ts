import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { createEventQueue } from '../../lib/local/event-queue.ts';

const record = (incident: string, n: number): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: { Keys: { incident_id: { S: incident }, log_key: { S: String(n) } } },
});
const names = (event: DynamoDBStreamEvent) =>
  event.Records.map(
    ({ dynamodb }) => `${dynamodb?.Keys?.['incident_id']?.S}${dynamodb?.Keys?.['log_key']?.S}`,
  );
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A `forward` whose calls end when the test says so. */
function controlled() {
  const calls: { names: string[]; end(error?: Error): void }[] = [];
  const forward = (event: DynamoDBStreamEvent) =>
    new Promise<undefined>((resolve, reject) => {
      calls.push({ names: names(event), end: (error) => (error ? reject(error) : resolve(undefined)) });
    });
  return { calls, forward, failed: jest.fn() };
}

describe('the event queue', () => {
  it('calls `forward` at once with the first record', async () => {
    const { calls, ...options } = controlled();
    createEventQueue(options).push(record('Q', 1));
    expect(calls.map((call) => call.names)).toEqual([['Q1']]);
  });

  it('keeps the order within an incident: the next records wait for the call, and come together', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue(options);
    for (const n of [1, 2, 3]) queue.push(record('Q', n));
    expect(calls).toHaveLength(1);
    calls[0]?.end();
    await tick();
    expect(calls.map((call) => call.names)).toEqual([['Q1'], ['Q2', 'Q3']]);
  });

  it('does not let a slow incident delay another', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue(options);
    queue.push(record('slow', 1));
    queue.push(record('slow', 2));
    queue.push(record('Q', 1));
    expect(calls.map((call) => call.names)).toEqual([['slow1'], ['Q1']]);
  });

  it('makes no more calls at the same time than it may', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue({ ...options, concurrency: 2 });
    for (const incident of ['A', 'B', 'C']) queue.push(record(incident, 1));
    expect(calls).toHaveLength(2);
    calls[1]?.end();
    await tick();
    expect(calls.map((call) => call.names)).toEqual([['A1'], ['B1'], ['C1']]);
  });

  it('makes way for others, and for the incident itself, when a call takes long', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue({ ...options, concurrency: 1, patienceMs: 10 });
    for (const [incident, n] of [
      ['A', 1],
      ['A', 2],
      ['B', 1],
    ] as const)
      queue.push(record(incident, n));
    expect(calls.map((call) => call.names)).toEqual([['A1']]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(calls.map((call) => call.names)).toEqual([['A1'], ['A2'], ['B1']]);
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    for (const call of calls.slice(0, 2)) call.end();
    await tick();
    expect(stopped).toBe(false);
    calls[2]?.end();
    await stopping;
  });

  it('goes on after a failure and reports it', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue(options);
    queue.push(record('Q', 1));
    queue.push(record('Q', 2));
    const fault = new Error('database gone');
    calls[0]?.end(fault);
    await tick();
    expect(options.failed).toHaveBeenCalledWith(fault);
    expect(calls.map((call) => call.names)).toEqual([['Q1'], ['Q2']]);
  });

  it('leaves to `sweep` what is beyond its capacity', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue({ ...options, capacity: 2 });
    for (const n of [1, 2, 3, 4, 5]) queue.push(record('Q', n));
    calls[0]?.end();
    await tick();
    expect(calls.map((call) => call.names)).toEqual([['Q1'], ['Q2', 'Q3']]);
  });

  it('gives at most 100 records to one call', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue(options);
    for (let n = 0; n < 151; n++) queue.push(record('Q', n));
    calls[0]?.end();
    await tick();
    expect(calls.map((call) => call.names.length)).toEqual([1, 100]);
  });

  it('stops when the calls under way have ended, and starts none', async () => {
    const { calls, ...options } = controlled();
    const queue = createEventQueue(options);
    queue.push(record('Q', 1));
    queue.push(record('Q', 2));
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    queue.push(record('R', 1));
    await tick();
    expect(stopped).toBe(false);
    calls[0]?.end();
    await stopping;
    expect(calls).toHaveLength(1);
  });
});
