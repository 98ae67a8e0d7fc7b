import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTables } from '../../lib/local/create-tables.ts';
import { startEmbeddedDynamoDb } from '../../lib/local/embedded-dynamodb.ts';
import { makeFolder } from '../../lib/local/make-folder.ts';
import { asNpmDoes } from './bridge-process.ts';
import { run } from './child-process.ts';
import { localClient } from './local-client.ts';
import { temporaryFolder } from './temporary-folder.ts';

const key = (n: number) => ({ incident_id: { S: `Q${n}` }, log_key: { S: 'k' } });
const put = (endpoint: string, n: number) =>
  localClient(endpoint).send(
    new PutItemCommand({
      TableName: 'test-events',
      Item: { ...key(n), due_shard: { S: '1' }, due_at: { S: 'x' }, body: { S: 'x'.repeat(100_000) } },
    }),
  );

const canRaiseLimits = spawnSync('prlimit', ['--version']).status === 0;

describe('the embedded database', () => {
  // A limit on the size of files stands for a disk without room; only Linux can lift it from outside.
  (canRaiseLimits ? it : it.skip)(
    'outlives a full disk: it refuses with a reason, goes on when there is room, and has lost nothing',
    async () => {
      const folder = temporaryFolder();
      const child = run('bash', [
        '-c',
        `ulimit -S -f 1024; exec ${process.execPath} --import tsx test/local/processes/embedded-database.ts ${folder}`,
      ]);
      const endpoint = (await child.line(/^endpoint /)).split(' ')[1] ?? '';
      await createTables(localClient(endpoint), 'test-');
      const accepted: number[] = [];
      const refusals: string[] = [];
      for (let n = 0; n < 200 && refusals.length < 3; n++) {
        await put(endpoint, n).then(
          () => accepted.push(n),
          (error: Error) => refusals.push(`${error.name}: ${error.message}`),
        );
      }
      expect(refusals).toHaveLength(3);
      for (const refusal of refusals)
        expect(refusal).toMatch(/^InternalServerError: The embedded database cannot go on/);

      spawnSync('prlimit', ['--pid', String(child.process.pid), '--fsize=unlimited']);
      let again = false;
      for (let tries = 0; tries < 20 && !again; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        again = await put(endpoint, 1000).then(
          () => true,
          () => false,
        );
      }
      expect(again).toBe(true);
      for (const n of [...accepted, 1000]) {
        const { Item } = await localClient(endpoint).send(
          new GetItemCommand({ TableName: 'test-events', Key: key(n), ConsistentRead: true }),
        );
        expect(Item).toBeDefined();
      }
      child.process.kill('SIGKILL');
      await child.ended;
    },
    60_000,
  );

  it('refuses a folder whose CURRENT is gone, instead of beginning anew beside what is there', async () => {
    const dataDir = temporaryFolder();
    const database = await startEmbeddedDynamoDb({ dataDir, port: 0 });
    await createTables(localClient(database.endpoint), 'test-');
    await database.close();
    rmSync(join(dataDir, 'dynamodb/CURRENT'));
    await expect(startEmbeddedDynamoDb({ dataDir, port: 0 })).rejects.toMatchObject({
      code: 'data_folder_unreadable',
      message: expect.stringContaining('CURRENT is missing'),
    });
    expect(readdirSync(join(dataDir, 'dynamodb'))).not.toContain('CURRENT');
  });

  it('says in a sentence that a file of it is damaged', async () => {
    const dataDir = temporaryFolder();
    const database = await startEmbeddedDynamoDb({ dataDir, port: 0 });
    await createTables(localClient(database.endpoint), 'test-');
    await database.close();
    const folder = join(dataDir, 'dynamodb');
    for (const file of readdirSync(folder).filter((name) => name.startsWith('MANIFEST')))
      writeFileSync(join(folder, file), 'damaged');
    await expect(startEmbeddedDynamoDb({ dataDir, port: 0 })).rejects.toMatchObject({
      code: 'data_folder_unreadable',
      message: expect.stringMatching(/cannot be opened: .*Set BRIDGE_DATA_DIR to another folder/s),
    });
  });

  it('is opened by one of two that start at the same moment; the other says who has it', async () => {
    const dataDir = temporaryFolder();
    const starts = await Promise.allSettled([
      startEmbeddedDynamoDb({ dataDir, port: 0 }),
      startEmbeddedDynamoDb({ dataDir, port: 0 }),
    ]);
    const started = starts.filter((start) => start.status === 'fulfilled');
    const refused = starts.filter((start) => start.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(['data_folder_in_use']);
    expect(started).toHaveLength(1);
    for (const { value } of started) await value.close();
  });
});

describe('the data folder', () => {
  it.each<[string, (folder: string) => string, RegExp]>([
    ['a file', (folder) => join(folder, 'file'), /there is a file of that name/],
    ['below a file', (folder) => join(folder, 'file/below/that'), /a part of its path is a file/],
    [
      'where nothing can be made',
      () => '/proc/pdbridge/data',
      /nothing can be created there|may not write there|cannot be written to/,
    ],
  ])('that is %s is refused with a sentence', async (_, place, reason) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(place(folder))).rejects.toMatchObject({
      code: 'data_folder_unreadable',
      message: expect.stringMatching(reason),
    });
  });

  it('is made with all that is missing above it, for its user alone; one that is there stays as it is', async () => {
    const folder = temporaryFolder();
    const open = join(folder, 'open');
    mkdirSync(open, { mode: 0o755 });
    await makeFolder(join(open, 'a/b'));
    await makeFolder(join(open, 'a/b'));
    const modes = [open, join(open, 'a'), join(open, 'a/b')].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o755, 0o700, 0o700]);
  });

  it('that cannot be used ends npm start with one sentence', async () => {
    const child = asNpmDoes([], {
      BRIDGE_DATA_DIR: '/proc/pdbridge',
      PORT: '0',
      DYNAMODB_PORT: '0',
    });
    expect(await child.ended).toBe(1);
    expect(child.errors()).toMatch(/^The data folder \/proc\/pdbridge cannot be made: [^\n]+\n$/);
  }, 30_000);
});
