import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDb, receiveTiming, workerTiming } from '../../../lib/adapters/aws/dynamodb-client.ts';

let server: Server;
let requests = 0;
let answer: 'hang' | 'half' | 'throttle' = 'hang';

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    if (answer === 'hang') return;
    if (answer === 'half') return void response.writeHead(200, { 'content-length': '100' }).write('{');
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
        message: 'slow down',
      }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (timing = receiveTiming) => {
  requests = 0;
  const { port } = server.address() as AddressInfo;
  const db = createDynamoDb({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    timing,
  });
  return db.send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }));
};

it.each(['hang', 'half'] as const)(
  'gives up well before 4 seconds when DynamoDB answers with: %s',
  async (fault) => {
    answer = fault;
    const started = Date.now();
    await expect(get()).rejects.toThrow();
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(requests).toBeLessThanOrEqual(receiveTiming.maxAttempts);
  },
);

it('tries again while throttled, but not for ever', async () => {
  answer = 'throttle';
  await expect(get({ ...workerTiming, maxAttempts: 3 })).rejects.toThrow('slow down');
  expect(requests).toBe(3);
});
