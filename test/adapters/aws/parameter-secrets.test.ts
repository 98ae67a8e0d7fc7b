import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parameterSecrets } from '../../../lib/adapters/aws/parameter-secrets.ts';

let server: Server;
let value: string | undefined;
let refuses = false;
let asked: { target: string; body: Record<string, unknown> }[] = [];
beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const target = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
    const body = JSON.parse(text) as Record<string, unknown>;
    asked.push({ target, body });
    const answer = (status: number, content: object) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(content));
    if (refuses) return void answer(400, { __type: 'AccessDeniedException', message: `no right to ${text}` });
    if (target === 'PutParameter') value = String(body['Value']);
    else if (value === undefined) return void answer(400, { __type: 'ParameterNotFound', message: '' });
    answer(200, target === 'PutParameter' ? { Version: 1 } : { Parameter: { Value: value } });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  value = undefined;
  refuses = false;
  asked = [];
});
const secrets = () =>
  parameterSecrets('/a/b', 'eu-central-1', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

it('writes secrets as one SecureString, and reads them again', async () => {
  await secrets().write(['old', 'new=+/']);
  const [{ body } = { body: {} }] = asked;
  expect(body).toEqual({ Name: '/a/b', Value: 'old,new=+/', Type: 'SecureString', Overwrite: true });
  expect(await secrets().read()).toEqual(['old', 'new=+/']);
});

it('has none where there is no parameter, or where none is left', async () => {
  expect(await secrets().read()).toEqual([]);
  await secrets().write([]);
  expect(value).toBe('not-yet-known');
});

it.each([undefined, 'old , new'])(
  'shows by writing what is there (%j) that it may be written',
  async (before) => {
    value = before;
    await secrets().proveWritable();
    expect(value).toBe(before ?? 'not-yet-known');
  },
);

it('names SSM’s code, and never what was to be written', async () => {
  refuses = true;
  const error = await secrets()
    .write(['canary'])
    .catch((reason: Error) => reason);
  expect(String(error)).toContain('ssm:/a/b in eu-central-1 cannot be written: AccessDenied');
  expect(String(error)).not.toContain('canary');
});
