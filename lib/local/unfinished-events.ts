import type { DynamoDBRecord } from 'aws-lambda';
import { dueShards } from '../store/database/due.ts';
import type { Store } from '../store/database/dynamo.ts';
import { dueEvents } from '../store/events/events.ts';

const perShard = 100;
const farAhead = Date.UTC(9999, 0);

/**
 * Events that are written down but not finished, as a stream would deliver them again after a crash. Without
 * this a webhook that was accepted just before a `kill -9` would wait until its due time comes.
 */
export async function unfinishedEvents(store: Store): Promise<DynamoDBRecord[]> {
  const shards = Array.from({ length: dueShards }, (_, shard) => String(shard));
  const pages = await Promise.all(shards.map((shard) => dueEvents(store, shard, farAhead, perShard)));
  return pages.flat().map(({ incidentId, logKey }) => ({
    eventName: 'INSERT',
    dynamodb: { Keys: { incident_id: { S: incidentId }, log_key: { S: logKey } } },
  }));
}
