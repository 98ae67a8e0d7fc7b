import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../lib/local/create-tables.ts';
import { startEmbeddedDynamoDb } from '../../lib/local/embedded-dynamodb.ts';
import { bundled } from './child-process.ts';
import { localClient } from './local-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hammerDatabase = await bundled('test/local/processes/hammer-database.ts');

const listTables = {
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  'content-type': 'application/x-amz-json-1.0',
};
const signature = {
  authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
  'x-amz-date': 'now',
};

function ask(endpoint: string, method: string, headers: Record<string, string>, body = '{}') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const sent = request(
        endpoint,
        { method, headers: { ...listTables, ...signature, ...headers } },
        async (answer) => {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString(),
          });
        },
      );
      sent.on('error', reject);
      sent.end(method === 'GET' ? undefined : body);
    },
  );
}

describe('the embedded DynamoDB in memory', () => {
  let endpoint = '';
  let close = async () => {};
  beforeAll(async () => {
    ({ endpoint, close } = await startEmbeddedDynamoDb({ dataDir: 'memory', port: 0 }));
  });
  afterAll(() => close());

  it('answers a DynamoDB client', async () => {
    expect((await localClient(endpoint).send(new ListTablesCommand({}))).TableNames).toEqual([]);
  });

  it.each(['evil.example', 'evil.example:8000', '10.0.0.7:8000', 'localhost.evil.example'])(
    'refuses a request for another host: %j',
    async (host) => {
      const { status, body } = await ask(endpoint, 'POST', { host });
      expect(status).toBe(403);
      expect(body).not.toContain('TableNames');
    },
  );

  it.each(['127.0.0.1', 'localhost:8000', '[::1]:8000', 'host.docker.internal:8000'])(
    'answers a request for this machine: %s',
    async (host) => expect((await ask(endpoint, 'POST', { host })).status).toBe(200),
  );

  it.each([
    ['a POST', 'POST', 'https://evil.example'],
    ['a preflight', 'OPTIONS', 'https://evil.example'],
    ['a page opened from a file', 'POST', 'null'],
    ['a page on this machine', 'POST', 'http://127.0.0.1:8000'],
    ['an empty origin', 'POST', ''],
  ])('refuses %s of a web page', async (_, method, origin) => {
    const answer = await ask(endpoint, method, { origin });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('allows no web origin in an ordinary answer', async () => {
    const answer = await ask(endpoint, 'POST', {});
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('refuses a request of more than 16 MiB', async () => {
    const answer = await ask(endpoint, 'POST', {}, 'x'.repeat(17 * 1024 * 1024)).catch(() => ({
      status: 'cut off',
    }));
    expect([413, 'cut off']).toContain(answer.status);
    expect((await ask(endpoint, 'POST', {})).status).toBe(200);
  });

  it('goes on after a client left in the middle of a request', async () => {
    const { port } = new URL(endpoint);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{"half":', () => {
          socket.resetAndDestroy();
          resolve();
        });
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ask(endpoint, 'POST', {})).status).toBe(200);
  });

  it('answers what is not JSON with an error of DynamoDB and goes on', async () => {
    expect((await ask(endpoint, 'POST', {}, '{')).status).toBe(400);
    expect((await ask(endpoint, 'POST', {})).status).toBe(200);
  });
});

describe('the embedded DynamoDB on disk', () => {
  it('keeps what was written after a clean stop, and repairs nothing then', async () => {
    const dataDir = join(temporaryFolder(), 'not', 'there', 'yet');
    const Item = { pagerduty_service_id: { S: 'PF9KMXH' }, rule: { S: 'none' } };
    const first = await startEmbeddedDynamoDb({ dataDir, port: 0 });
    const db = localClient(first.endpoint);
    await createTables(db, 'kept-');
    await db.send(new PutItemCommand({ TableName: 'kept-mappings', Item }));
    await first.close();
    expect(existsSync(join(dataDir, 'dynamodb.pid'))).toBe(false);

    const second = await startEmbeddedDynamoDb({ dataDir, port: 0 });
    const Key = { pagerduty_service_id: { S: 'PF9KMXH' } };
    const read = await localClient(second.endpoint).send(
      new GetItemCommand({ TableName: 'kept-mappings', Key }),
    );
    expect(read.Item).toEqual(Item);
    expect(second.repaired).toBeUndefined();
    await second.close();
  });

  it('refuses a folder another process uses, and names that process', async () => {
    const dataDir = temporaryFolder();
    const other = hammerDatabase([dataDir]);
    await other.line(/^put/);
    await expect(startEmbeddedDynamoDb({ dataDir, port: 0 })).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: expect.stringContaining(`pid ${other.process.pid}`),
    });
    other.process.kill('SIGKILL');
    await other.ended;
  });

  it('lets go of the folder when its port is taken, and says which setting to change', async () => {
    const dataDir = temporaryFolder();
    const other = await startEmbeddedDynamoDb({ dataDir: 'memory', port: 0 });
    const port = Number(new URL(other.endpoint).port);
    await expect(startEmbeddedDynamoDb({ dataDir, port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('DYNAMODB_PORT'),
    });
    await other.close();
    await (await startEmbeddedDynamoDb({ dataDir, port: 0 })).close();
  });
});
