import type { Destination } from '../../../lib/domain/destination/destination.ts';
import type { WorkDeps } from '../../../lib/flow/subjects/deps.ts';

/**
 * What happens at a worker's n-th call to the outside, database and receivers counted together.
 *
 *     gone_before   the process ends before the call leaves        (no answer, ever)
 *     gone_after    … after the call was carried out
 *     cut_off       this call and all later ones to the database fail
 *     fault         this call fails and was not carried out, later ones are well
 *     answer_lost   this call was carried out but reports a failure, later ones are well
 *     asleep        the worker stands still before this call, and goes on when everything else is over
 */
export type Death = 'gone_before' | 'gone_after' | 'cut_off' | 'fault' | 'answer_lost' | 'asleep';

export const deaths: Death[] = ['gone_before', 'gone_after', 'cut_off', 'fault', 'answer_lost', 'asleep'];

export interface DyingWorker {
  deps: WorkDeps;
  /** Calls made so far. */
  calls(): number;
  /** Resolves when the call has been reached. */
  died: Promise<void>;
  /** Lets a sleeper go on. */
  wake(): void;
}

const never = new Promise<never>(() => {});

/** The same worker, but something happens to it at its n-th call. */
export function dyingWorker(deps: WorkDeps, death: Death, atCall: number): DyingWorker {
  let calls = 0;
  let wake = () => {};
  let reached = () => {};
  const died = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });

  async function through<T>(call: () => Promise<T>, toDatabase: boolean): Promise<T> {
    calls += 1;
    const gone = death === 'gone_before' || death === 'gone_after';
    if (gone && calls > atCall) return never;
    if (death === 'cut_off' && toDatabase && calls >= atCall) {
      reached();
      throw new Error('the database cannot be reached');
    }
    if (calls !== atCall) return call();
    if (death === 'asleep') {
      reached();
      await asleep;
      return call();
    }
    if (death === 'gone_before' || (death === 'fault' && !toDatabase)) {
      reached();
      return never;
    }
    if (death === 'fault') {
      reached();
      throw new Error('the database is throttled');
    }
    if (death === 'gone_after') {
      await call()
        .finally(reached)
        .catch(() => never);
      return never;
    }
    const answer = await call();
    reached();
    if (death === 'answer_lost' && toDatabase) throw new Error('the connection broke');
    return answer;
  }

  const destinations = deps.destinations.map(
    (destination): Destination => ({
      ...destination,
      render: (event, memory) => destination.render(event, memory),
      send: (payload, atMs) => through(() => destination.send(payload, atMs), false),
    }),
  );
  const db = {
    send: (command: unknown) => through(() => deps.store.db.send(command), true),
  };
  return {
    deps: { ...deps, destinations, store: { ...deps.store, db } },
    calls: () => calls,
    died,
    wake: () => wake(),
  };
}
