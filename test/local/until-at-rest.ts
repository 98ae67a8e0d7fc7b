import type { Store } from '../../lib/store/database/dynamo.ts';
import type { Row } from '../../lib/store/database/marshalled.ts';
import { scan } from '../support/scan.ts';
import type { BridgeProcess } from './bridge-process.ts';
import { localClient } from './local-client.ts';

const minute = 60_000;
const mostJumps = 24;
/**
 * A bridge that got nowhere between so many looks, a quarter of a second each, waits for a time to come. Not told by
 * the clock: on a busy machine the database is as slow as the rest of the process.
 */
const patience = 8;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Node's option that shifts a process's clock, as if it had been down for so long: what a killed one had claimed is
 * free by then. Each `jump` shifts it further: 2 minutes, 4, 8 … and no more than 4 hours at once.
 */
export function clockAhead(ms: number): string {
  const jumping = `const now=Date.now;let ahead=${ms},next=${2 * minute};Date.now=()=>now()+ahead;
process.on('SIGUSR2',()=>{ahead+=next;next=Math.min(2*next,${240 * minute})});`;
  return `--import=data:text/javascript,${encodeURIComponent(jumping)}`;
}

/** Lets time pass at once for a process that was started with its clock ahead. */
export const jump = ({ process }: BridgeProcess): boolean => process.kill('SIGUSR2');

export const storeOf = ({ ready }: BridgeProcess): Store => ({
  db: localClient(ready.dynamodb_endpoint),
  table: (name) => ready.table_prefix + name,
});

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
 * Lets a bridge go on until nothing is open any more; how often its clock had to jump for that. Where it waits for a
 * time, the time is brought about: all of it well within the horizon of a retry.
 */
export async function untilAtRest(
  bridge: BridgeProcess,
  /** Whether an incident's row says that it is not done. */
  isOpen: (incident: Row) => boolean,
): Promise<number> {
  const store = storeOf(bridge);
  for (let jumps = 0; ; jumps += 1) {
    let open: Row[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (let looks = 0; looks < patience; looks += 1) {
      open = await openRows(store, isOpen);
      if (open.length === 0) return jumps;
      if (open.length < least) looks = 0;
      least = Math.min(least, open.length);
      await pause(250);
    }
    if (jumps === mostJumps)
      throw new Error(
        `${open.length} rows still open after ${jumps} jumps, such as ${JSON.stringify(open.slice(0, 3))}`,
      );
    jump(bridge);
  }
}
