import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ownCredentials } from '../../../lib/adapters/aws/own-credentials.ts';
import { createParameterReader } from '../../../lib/adapters/aws/ssm-parameter.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';

type Answer = { status: number; body: string } | 'hang' | 'reset';

let server: Server;
let answers: Answer[] = [];
let requests: { headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({ headers: request.headers, body });
    const answer = answers.shift() ?? { status: 500, body: 'none left' };
    if (answer === 'hang') return;
    if (answer === 'reset') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers = [];
  requests = [];
});

const read = (name: string) => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createParameterReader({ region: 'eu-central-1', endpoint, timeoutMs: 150 })(name);
};
const found: Answer = { status: 200, body: JSON.stringify({ Parameter: { Value: 'the value' } }) };

it('signs with the credentials of a profile where the machine is a person’s', async () => {
  const file = join(temporaryFolder(), 'credentials');
  writeFileSync(file, '[people]\naws_access_key_id = AKIDOFAPROFILE\naws_secret_access_key = example\n');
  const own = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
  const people = { AWS_PROFILE: 'people', AWS_SHARED_CREDENTIALS_FILE: file };
  for (const name of Object.keys(own)) delete process.env[name];
  Object.assign(process.env, people);
  try {
    answers = [found];
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = ownCredentials('eu-central-1');
    const reader = createParameterReader({ region: 'eu-central-1', endpoint, credentials });
    expect(await reader('/bridge/a-secret')).toBe('the value');
    expect(requests[0]?.headers.authorization).toContain('Credential=AKIDOFAPROFILE/');
  } finally {
    for (const name of Object.keys(people)) delete process.env[name];
    Object.assign(process.env, own);
  }
});

it('asks SSM for the decrypted parameter, signed for the ssm service', async () => {
  answers = [found];
  expect(await read('/a/b')).toBe('the value');
  expect(requests[0]?.headers['x-amz-target']).toBe('AmazonSSM.GetParameter');
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ Name: '/a/b', WithDecryption: true });
  expect(requests[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/ssm\/aws4_request, SignedHeaders=.*host.*x-amz-target/,
  );
});

it.each<[string, Answer]>([
  ['a fault of SSM', { status: 500, body: '{}' }],
  ['a connection that went stale', 'reset'],
  ['an answer that never comes', 'hang'],
])('tries once more after %s', async (_, first) => {
  answers = [first, found];
  expect(await read('/a')).toBe('the value');
  expect(requests).toHaveLength(2);
});

it('gives up after the second attempt', async () => {
  answers = ['hang', 'hang', found];
  await expect(read('/a')).rejects.toThrow(/150 ms requestTimeout/);
});

it.each<[string, Answer, RegExp]>([
  [
    'a missing parameter, with the command that creates it',
    { status: 400, body: JSON.stringify({ __type: 'ParameterNotFound' }) },
    /no parameter \/a in eu-central-1.*aws ssm put-parameter --type SecureString --name \/a/,
  ],
  [
    'a missing permission, in the words of AWS',
    {
      status: 400,
      body: JSON.stringify({ __type: 'com.amazon#AccessDeniedException', Message: 'not allowed' }),
    },
    /400 AccessDeniedException not allowed/,
  ],
  ['an answer that is not JSON', { status: 404, body: '<html>' }, /404 with something that is not JSON/],
  ['an answer without a value', { status: 200, body: '{}' }, /refused to give/],
])('explains %s', async (_, answer, message) => {
  answers = [answer];
  await expect(read('/a')).rejects.toThrow(message);
  expect(requests).toHaveLength(1);
});
