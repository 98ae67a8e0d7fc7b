import type { Agent } from 'node:https';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDb } from '../../store/database/dynamo.ts';

export interface DynamoDbOptions {
  region?: string;
  /** Another endpoint than AWS's: the embedded database, an emulator. */
  endpoint?: string;
  /** Given for an endpoint that ignores them; otherwise the environment's (a Lambda has no others). */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  timing: DynamoDbTiming;
  /** Goes before the client's own: through a proxy. */
  httpsAgent?: Agent;
}

/** The SDK sets no request timeout of its own: without these a hanging connection takes the whole function down. */
export interface DynamoDbTiming {
  connectionTimeoutMs: number;
  requestTimeoutMs: number;
  /** The first attempt included. */
  maxAttempts: number;
}

/**
 * `receive` has to answer before PagerDuty's 5 seconds are over, cold start included: two attempts end within
 * 2.6 s, backoff included. A connection that went stale while the function was frozen costs the first of them.
 */
export const receiveTiming: DynamoDbTiming = {
  connectionTimeoutMs: 800,
  requestTimeoutMs: 1_200,
  maxAttempts: 2,
};

/** `forward`, `sweep` and the command line: nobody waits, throttling is ridden out. */
export const workerTiming: DynamoDbTiming = {
  connectionTimeoutMs: 2_000,
  requestTimeoutMs: 5_000,
  maxAttempts: 5,
};

/** The client the store sends its commands with. */
export function createDynamoDb({
  region,
  endpoint,
  credentials,
  timing,
  httpsAgent,
}: DynamoDbOptions): DynamoDb {
  return new DynamoDBClient({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: timing.maxAttempts,
    retryMode: 'standard',
    // Spelled out so that the SDK does not search the file system for them while a webhook waits.
    defaultsMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    requestHandler: {
      ...(httpsAgent === undefined ? {} : { httpsAgent }),
      connectionTimeout: timing.connectionTimeoutMs,
      requestTimeout: timing.requestTimeoutMs,
      throwOnRequestTimeout: true,
      // The request timeout ends when the answer's head has arrived; this one covers its body.
      socketTimeout: timing.requestTimeoutMs,
    },
  });
}
