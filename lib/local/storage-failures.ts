import type { LevelDb, LevelOperation } from 'dynalite/db/index.js';

type Callback = (error: LevelError | null, value?: unknown) => void;
interface LevelError extends Error {
  code?: string;
  cause?: LevelError;
}

const mendEveryMs = 1_000;

/**
 * dynalite throws out of the process what its storage fails with, such as a full disk. Here it becomes an answer
 * 500, which every DynamoDB client takes for a reason to try again.
 *
 *     write ─▶ write ─▶ write ✕ ─ refused, refused, … ─▶ closed and opened anew ─▶ write
 *                             └ perhaps half a record in LevelDB's log
 *
 * What would be written behind half a record is dropped when the log is read again. So writes go one after the
 * other, and after one that failed none is let through before the storage has been opened anew, which works as soon
 * as there is room.
 */
export function failuresAsAnswers(db: LevelDb): void {
  const opened = Object.getPrototypeOf(db) as Pick<LevelDb, 'open' | 'close'>;
  let broken: LevelError | undefined;
  let stopped = false;

  const mend = async () => {
    while (broken && !stopped) {
      await new Promise((resolve) => setTimeout(resolve, mendEveryMs).unref());
      try {
        if (db.status === 'open') await opened.close.call(db);
        if (stopped) return;
        await opened.open.call(db);
        broken = undefined;
      } catch (error) {
        broken = error as LevelError;
      }
    }
  };
  const giveUp = (error: LevelError) => {
    const first = !broken;
    broken = error;
    if (first) void mend();
    throw asAnswer(error);
  };

  const { close } = db;
  const closing = (...args: []) => {
    stopped = true;
    return close.apply(db, args);
  };
  // dynalite keeps the real one as a property of this function.
  db.close = Object.assign(closing, close);
  const { get, iterator } = db;
  db.get = withCallback((key: string) => get.call(db, key).catch(orNotFound));
  db.iterator = (range) => {
    const entries = iterator.call(db, range);
    const all = entries.all.bind(entries);
    return Object.assign(entries, { all: () => all().catch(orNotFound) });
  };
  const write = db.batch.bind(db) as LevelDb['batch'];
  const waiting: { operations: LevelOperation[]; done: () => void; failed: (error: unknown) => void }[] = [];
  let writing = false;
  // What came while a write was under way goes together in the next one.
  const pump = async () => {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0);
      try {
        if (broken) throw asAnswer(broken);
        await write(group.flatMap(({ operations }) => operations)).catch(giveUp);
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    writing = false;
  };
  const enqueue = (operations: LevelOperation[]) =>
    new Promise<void>((done, failed) => {
      waiting.push({ operations, done, failed });
      void pump();
    });
  db.put = withCallback((key: string, value: unknown) => enqueue([{ type: 'put', key, value }]));
  db.del = withCallback((key: string) => enqueue([{ type: 'del', key }]));
  db.batch = withCallback((operations: LevelOperation[]) => enqueue(operations));
}

/** dynalite calls with a callback, everybody else waits for the promise. */
function withCallback<Args extends unknown[], Result>(operation: (...args: Args) => Promise<Result>) {
  return (...given: unknown[]) => {
    const callback = given.at(-1);
    if (typeof callback !== 'function') return operation(...(given as Args));
    operation(...(given.slice(0, -1) as Args)).then(
      (value) => setImmediate(callback as Callback, null, value),
      (error) => setImmediate(callback as Callback, error),
    );
    return undefined as never;
  };
}

/** That something is not there is no failure. */
function orNotFound(error: LevelError): never {
  throw error.name === 'NotFoundError' || error.code === 'LEVEL_NOT_FOUND' ? error : asAnswer(error);
}

/** What dynalite answers with instead of throwing. */
function asAnswer(error: LevelError): Error {
  const { message } = error.cause ?? error;
  const reason = /no space left|ENOSPC|disk quota/i.test(message)
    ? `the disk is full (${message}). It goes on as soon as there is room; what was not accepted is sent again.`
    : message;
  const body = { __type: 'InternalServerError', message: `The embedded database cannot go on: ${reason}` };
  return Object.assign(new Error(body.message, { cause: error }), { statusCode: 500, body });
}
