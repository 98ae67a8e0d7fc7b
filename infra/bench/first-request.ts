import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../build/bundle.ts';
import { type Bench, median } from './bench.ts';
import { environment, inFolder, receiveEntry } from './load-time.ts';
import { nodeVersions } from './node-versions.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const rounds = 15;
const secret = 'a-signing-secret';

const body = JSON.stringify({
  event: {
    id: '01DEN4HPBQAAAG05V5QQYBRZMF',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: '2026-03-02T09:58:41.000Z',
    agent: null,
    client: null,
    data: { id: 'Q2CKYRLH85UNN4', type: 'incident', status: 'triggered', title: 'x'.repeat(2_500) },
  },
});

/** A webhook as an HTTP API hands it over. */
const event = {
  version: '2.0',
  headers: {
    'content-type': 'application/json',
    'x-webhook-id': '01DEN4HPBQAAAG05V5QQYBRZMF',
    'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
  },
  requestContext: { http: { method: 'POST', path: '/webhooks/pagerduty' } },
  body,
  isBase64Encoded: false,
};

/** Loads the bundle and answers one webhook in a process of its own, as a cold start does. */
const coldStart = `
  const started = performance.now();
  const { handler } = require(process.argv[1]);
  const loaded = performance.now();
  handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 4000 }).then(({ statusCode, body }) => {
    const answered = performance.now();
    process.stderr.write(JSON.stringify({ statusCode, body, load: loaded - started, first: answered - loaded }));
  });`;

interface ColdStart {
  statusCode: number;
  body: string;
  load: number;
  first: number;
}

/** SSM and DynamoDB at 127.0.0.1, answering at once: what is measured is our side of a first request. */
async function withAws<T>(work: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const ssm = request.headers['x-amz-target'] === 'AmazonSSM.GetParameter';
    request
      .resume()
      .on('end', () => response.end(JSON.stringify(ssm ? { Parameter: { Value: secret } } : {})));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export const firstRequest: Bench = {
  id: 'first-request',
  title: 'A cold start of receive: load the bundle, read the secret, write the event down, answer',
  run: (report) =>
    inFolder(async (folder) => {
      const receive = path.join(folder, 'receive.cjs');
      await bundle(root, receiveEntry, receive);
      await withAws(async (endpoint) => {
        const env = { ...environment, AWS_ENDPOINT_URL: endpoint };
        for (const node of await nodeVersions()) {
          const starts: ColdStart[] = [];
          for (let round = 0; round < rounds; round++) {
            const args = ['--no-warnings', '-e', coldStart, receive, JSON.stringify(event)];
            const { stderr } = await run(node.path, args, { env });
            const start = JSON.parse(stderr) as ColdStart;
            if (start.statusCode !== 202)
              throw new Error(`receive answered ${start.statusCode}: ${start.body}`);
            starts.push(start);
          }
          const first = median(starts.map((start) => start.first));
          const whole = median(starts.map((start) => start.load + start.first));
          report({ name: `Node ${node.major}: first request after loading`, value: first, unit: 'ms' });
          report({ name: `Node ${node.major}: whole cold start`, value: whole, unit: 'ms', aim: 1_000 });
        }
      });
    }),
};
