import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { tableDefinitions } from '../../lib/store/database/table-definitions.ts';
import { createMemoryDynamoDb, type MemoryDynamoDb } from '../simulation/dynamodb/memory-dynamodb.ts';

/** DynamoDB's protocol in front of a database in memory: what commands read of large tables, without their weight. */
export interface MemoryEndpoint {
  endpoint: string;
  prefix: string;
  store: Store;
  db: MemoryDynamoDb;
  /** What was asked since the last look: operations, and the items they went over. */
  asked(): { operations: Record<string, number>; items: number };
  stop(): Promise<void>;
}

export async function startMemoryEndpoint(prefix = 'memory-'): Promise<MemoryEndpoint> {
  const db = createMemoryDynamoDb(tableDefinitions, (name) => `${prefix}${name}`);
  let operations: Record<string, number> = {};
  let items = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const answer = (status: number, body: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(body, bytesAsText));
    try {
      const output = db.execute(operation, JSON.parse(Buffer.concat(chunks).toString('utf8'), textAsBytes));
      operations[operation] = (operations[operation] ?? 0) + 1;
      items += Number(output['ScannedCount'] ?? (output['Item'] ? 1 : 0));
      answer(200, output);
    } catch (error) {
      const { name, message } = error as Error;
      answer(400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    prefix,
    store: { db, table: (name) => `${prefix}${name}` },
    db,
    asked: () => {
      const seen = { operations, items };
      operations = {};
      items = 0;
      return seen;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** JSON has no bytes: the protocol has them as base64, which only the type of an attribute tells from a text. */
const textAsBytes = (key: string, value: unknown) =>
  key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
/** `this` has them as they are; a `value` that knows how to write itself has done so. */
function bytesAsText(this: Record<string, unknown>, key: string, value: unknown) {
  const own = this[key];
  return own instanceof Uint8Array ? Buffer.from(own).toString('base64') : value;
}
