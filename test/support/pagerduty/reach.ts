import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Http, HttpFault } from '../../../lib/ports.ts';
import type { Account, RestAnswer, RestRequest } from './account.ts';
import { answerRest } from './rest-api.ts';

type Outcome = RestAnswer | 'cut' | 'lost';

/** The request as the weather lets it through. */
function meet(account: Account, request: RestRequest): Outcome {
  const weather = account.weather(request);
  if (weather === undefined) {
    const answer = answerRest(account, request);
    return { ...answer, headers: { date: new Date(account.clock.now()).toUTCString(), ...answer.headers } };
  }
  if ('lost' in weather) return 'lost';
  if ('cut' in weather) {
    answerRest(account, request);
    return 'cut';
  }
  if (weather.after) answerRest(account, request);
  const { status, headers = {}, body } = weather;
  return { status, headers, body: body === undefined ? '' : JSON.stringify(body) };
}

/** The account behind the Http port, without a socket. */
export const httpTo = (account: Account): Http => ({
  async send({ method, url, headers, body = '' }) {
    const { pathname, search } = new URL(url);
    const outcome = meet(account, { method, path: pathname + search, headers: { ...headers }, body });
    if (typeof outcome === 'object') return outcome;
    throw new HttpFault(outcome === 'cut' ? 'the connection broke off' : 'no answer');
  },
});

export interface ServedAccount {
  url: string;
  stop(): Promise<void>;
}

/** The account on a port of this machine. */
export async function serveAccount(account: Account): Promise<ServedAccount> {
  const server: Server = createServer(async (incoming, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = incoming;
    const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].join()]));
    const outcome = meet(account, {
      method,
      path: url,
      headers: flat,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    if (outcome === 'lost') incoming.socket.destroy();
    else if (outcome === 'cut') {
      // Half of an answer, as a connection that breaks leaves it.
      answer.writeHead(200, { 'content-length': '1000' }).write('{"half');
      setTimeout(() => incoming.socket.destroy(), 5);
    } else answer.writeHead(outcome.status, outcome.headers).end(outcome.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
