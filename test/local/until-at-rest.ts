import type { Store } from '../../lib/store/database/dynamo.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import { scan } from '../support/scan.ts';
import type { BridgeProcess } from './bridge-process.ts';
import { localClient } from './local-client.ts';

const minute = 60_000;
const mostRestarts = 16;
/** A bridge that has got nowhere for so long waits for a time to come. */
const patienceMs = 4_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Shifts a process's clock, as if it had been down for so long: what a killed one had claimed is free by then. */
export const clockAhead = (ms: number): string =>
  `--import=data:text/javascript,${encodeURIComponent(`const now=Date.now;Date.now=()=>now()+${ms}`)}`;

export const storeOf = ({ ready }: BridgeProcess): Store => ({
  db: localClient(ready.dynamodb_endpoint),
  table: (name) => ready.table_prefix + name,
});

/** 2, 6, 14 … minutes, then four hours more each time: all of it well within the horizon of a retry. */
const laterMs = (restarts: number): number =>
  (2 ** Math.min(restarts + 1, 7) - 1) * 2 * minute + Math.max(restarts - 6, 0) * 240 * minute;

async function openRows(store: Store, isOpen: (incident: Row) => boolean): Promise<Row[]> {
  const [incidents, events, deliveries] = await Promise.all([
    scan(store, 'incidents'),
    scan(store, 'events'),
    scan(store, 'deliveries'),
  ]);
  return [
    ...incidents.filter(isOpen),
    ...[...events, ...deliveries].filter((row) => row['due_at'] !== undefined),
  ];
}

/**
 * Lets a bridge go on until nothing is open any more. Where it waits for a time, the time is brought about: it is
 * ended cleanly and started again with its clock set forward, further each time. The last process, and how often.
 */
export async function untilAtRest(
  bridge: BridgeProcess,
  aheadMs: number,
  how: {
    start(aheadMs: number): Promise<BridgeProcess>;
    /** Whether an incident's row says that it is not done. */
    isOpen(incident: Row): boolean;
  },
): Promise<{ last: BridgeProcess; restarts: number }> {
  let last = bridge;
  for (let restarts = 0; ; restarts += 1) {
    let open: Row[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (let since = Date.now(); Date.now() - since < patienceMs; await pause(250)) {
      open = await openRows(storeOf(last), how.isOpen);
      if (open.length === 0) return { last, restarts };
      if (open.length < least) since = Date.now();
      least = Math.min(least, open.length);
    }
    if (restarts === mostRestarts)
      throw new Error(
        `${open.length} rows still open after ${restarts} restarts, such as ${JSON.stringify(open.slice(0, 3))}`,
      );
    last.process.kill('SIGTERM');
    await last.ended;
    // Further each time: what has failed often waits long.
    last = await how.start(aheadMs + laterMs(restarts));
  }
}
