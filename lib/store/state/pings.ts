import type { Store } from '../database/dynamo.ts';
import { pingRow } from './put-ping.ts';
import { readState } from './state.ts';

/** When the last authentic ping of a subscription came, and which it was: another text for another ping. */
export async function readPingAt(store: Store, subscriptionId: string): Promise<string | undefined> {
  const { row } = await readState(store, pingRow(subscriptionId));
  const { received_at, event_id } = row;
  return typeof received_at === 'string' ? `${received_at} ${event_id}` : undefined;
}
