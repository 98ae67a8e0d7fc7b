import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBucket } from '../../../lib/adapters/aws/bucket.ts';

interface Seen {
  method: string | undefined;
  path: string | undefined;
  authorization: string | undefined;
  hash: string | undefined;
  body: Buffer;
}

let server: Server;
let seen: Seen[];
let answers: [number, string][];
const before = { ...process.env };

beforeEach(async () => {
  seen = [];
  answers = [];
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    seen.push({
      method,
      path: url,
      authorization: headers.authorization,
      hash: headers['x-amz-content-sha256'] as string | undefined,
      body: Buffer.concat(chunks),
    });
    const [status, text] = answers.shift() ?? [200, ''];
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  process.env = { ...before };
  server.closeAllConnections();
  server.close();
});

const bucket = () => {
  const { port } = server.address() as AddressInfo;
  return createBucket('acme-dora', { region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}` });
};

describe('a bucket', () => {
  it('takes bytes as they are, signed for S3 in its region, under a key of any characters', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await (await bucket()).put('bridge/day=2026-03-02/a b+ü.parquet', bytes);
    const [request] = seen;
    expect(request).toMatchObject({
      method: 'PUT',
      path: '/acme-dora/bridge/day%3D2026-03-02/a%20b%2B%C3%BC.parquet',
      authorization: expect.stringMatching(/Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/s3\/aws4_request/),
      hash: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(Uint8Array.from(request?.body ?? [])).toEqual(bytes);
  });

  it('says with S3’s own code what was refused, once', async () => {
    answers = [[403, '<Error><Code>AccessDenied</Code></Error>']];
    await expect((await bucket()).put('a', new Uint8Array())).rejects.toThrow(
      'S3 answered 403 AccessDenied to s3://acme-dora/a',
    );
    expect(seen).toHaveLength(1);
  });

  it('asks again where S3 is at fault', async () => {
    answers = [
      [503, '<Error><Code>SlowDown</Code></Error>'],
      [204, ''],
    ];
    await (await bucket()).remove('a');
    expect(seen.map(({ method }) => method)).toEqual(['DELETE', 'DELETE']);
  });
});
