import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keySafe } from '../../domain/subject/log-key.ts';
import type { Store } from '../database/dynamo.ts';

export interface Ping {
  eventId: string;
  receivedAt: string;
  subscriptionId?: string;
}

/** The row of a subscription's last authentic ping. */
export const pingRow = (subscriptionId: string | undefined): string =>
  `ping:${keySafe(subscriptionId ?? 'unknown')}`;

/** Overwrites the one row there is for each subscription. Marshalled by hand, since `receive` does it. */
export async function putPing(store: Store, { eventId, receivedAt, subscriptionId }: Ping): Promise<void> {
  await store.db.send(
    new PutItemCommand({
      TableName: store.table('state'),
      Item: {
        name: { S: pingRow(subscriptionId) },
        event_id: { S: eventId },
        received_at: { S: receivedAt },
        ...(subscriptionId === undefined ? {} : { subscription_id: { S: subscriptionId } }),
      },
    }),
  );
}
