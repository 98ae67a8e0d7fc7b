import type { Store } from '../../lib/store/database/dynamo.ts';

export interface Reads {
  /** Read units: one for 4 KB read consistently, half of one otherwise. */
  units: number;
  requests: number;
}

/** A store that counts the read units of everything that goes through it, as the database reports them. */
export function meteredReads(store: Store): { store: Store; reads: Reads; reset(): void } {
  const reads: Reads = { units: 0, requests: 0 };
  const send = async (command: { input: Record<string, unknown> }) => {
    command.input['ReturnConsumedCapacity'] = 'TOTAL';
    const answer = await store.db.send(command);
    reads.units += Number(answer.ConsumedCapacity?.CapacityUnits ?? 0);
    reads.requests++;
    return answer;
  };
  const reset = () => {
    reads.units = 0;
    reads.requests = 0;
  };
  return { store: { ...store, db: { send } }, reads, reset };
}
