import type { LevelDb } from 'dynalite/db/index.js';

type Callback = (error: LevelError | null, value?: unknown) => void;
interface LevelError extends Error {
  code?: string;
  cause?: LevelError;
  statusCode?: number;
  body?: unknown;
}

/** LevelDB refuses every write after one that failed, until it is opened anew; tried no more often than this. */
const reopenAfterMs = 1_000;

/**
 * dynalite throws out of the process what its storage fails with, such as a full disk. Here it becomes an answer
 * 500, which every DynamoDB client takes for a reason to try again; and the storage is opened anew, so that it goes
 * on as soon as there is room.
 */
export function failuresAsAnswers(db: LevelDb): void {
  const opened = Object.getPrototypeOf(db) as Pick<LevelDb, 'open' | 'close'>;
  let reopening = false;
  const reopen = async () => {
    await new Promise((resolve) => setTimeout(resolve, reopenAfterMs).unref());
    if (db.status !== 'open') return;
    await opened.close.call(db);
    await opened.open.call(db);
  };
  const answer = (error: LevelError): LevelError => {
    if (!reopening) {
      reopening = true;
      void reopen()
        .catch(() => {})
        .finally(() => {
          reopening = false;
        });
    }
    const message = `The embedded database cannot go on: ${reasonOf(error)}`;
    return Object.assign(error, { statusCode: 500, body: { __type: 'InternalServerError', message } });
  };
  const { iterator } = db;
  db.iterator = (range) => {
    const entries = iterator.call(db, range);
    const all = entries.all.bind(entries);
    return Object.assign(entries, {
      all: () =>
        all().catch((error: LevelError) => {
          throw answer(error);
        }),
    });
  };
  for (const name of ['get', 'put', 'del', 'batch'] as const) {
    const operation = db[name].bind(db) as (...args: unknown[]) => unknown;
    db[name] = ((...args: unknown[]) => {
      const callback = args.at(-1);
      if (typeof callback !== 'function') return operation(...args);
      const answered: Callback = (error, value) =>
        (callback as Callback)(error && isFailure(error) ? answer(error) : error, value);
      return operation(...args.slice(0, -1), answered);
    }) as never;
  }
}

/** That something is not there is no failure. */
const isFailure = ({ name, code }: LevelError): boolean =>
  name !== 'NotFoundError' && code !== 'LEVEL_NOT_FOUND';

function reasonOf(error: LevelError): string {
  const { message } = error.cause ?? error;
  return /no space left|ENOSPC|disk quota/i.test(message)
    ? `the disk is full (${message}). It goes on as soon as there is room; what was not accepted is sent again.`
    : message;
}
