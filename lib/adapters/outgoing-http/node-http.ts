import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { type Http, type HttpAnswer, HttpFault, type HttpRequest } from '../../ports.ts';
import { type AddressRules, refusalOf } from './address-rules.ts';
import { checkName } from './check-name.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { isLoopbackHost } from './loopback.ts';
import { createProxyAgent, type ProxyAgent, proxyFor } from './proxy.ts';
import { readStart } from './read-start.ts';

export interface NodeHttpOptions {
  /** Let requests go to 127.0.0.1, ::1 and localhost, also by plain `http://`. False on AWS. */
  allowLoopback: boolean;
}

/** Shorter than what receivers and load balancers usually keep an idle connection for. */
const idleSocketMs = 4000;

interface Agents {
  http: HttpAgent;
  https: HttpsAgent | ProxyAgent;
  /** Where the tunnel begins, without its credentials. */
  through?: string;
}

/**
 * The Http port on Node's own client: no redirects, a deadline for the whole exchange, guarded addresses, through the
 * proxy the environment names.
 */
export function createNodeHttp({ allowLoopback }: NodeHttpOptions): Http {
  // One pair of agents per rule set: a kept connection must not be shared across different permissions.
  const agents = new Map<string, Agents>();
  const agentsFor = (allowPrivate: boolean, proxy: string | undefined): Agents => {
    const settings = { keepAlive: true, timeout: idleSocketMs, maxSockets: 64 };
    const key = `${allowPrivate} ${proxy ?? ''}`;
    const pair = agents.get(key) ?? {
      http: new HttpAgent(settings),
      https: proxy === undefined ? new HttpsAgent(settings) : createProxyAgent(proxy),
      ...(proxy === undefined ? {} : { through: new URL(proxy).host }),
    };
    agents.set(key, pair);
    return pair;
  };

  return {
    async send(request) {
      const deadline = Date.now() + request.timeoutMs;
      const url = new URL(request.url);
      const rules: AddressRules = {
        allowLoopback: allowLoopback && (isLoopbackHost(url.hostname) || (request.allowPrivate ?? false)),
        allowPrivate: request.allowPrivate ?? false,
      };
      refuseUpFront(url, rules);
      const proxy = proxyFor(url);
      if (proxy !== undefined) await before(deadline, url, checkName(url.hostname, rules));
      const agent = agentsFor(rules.allowPrivate, proxy);
      const first = await exchange(url, request, rules, agent, deadline);
      // A kept connection may have been closed by the other side just as it was used: once more, on a new one.
      const result =
        first === 'stale connection' ? await exchange(url, request, rules, agent, deadline, true) : first;
      if (result === 'stale connection')
        throw new HttpFault(`connection to ${url.host} closed before an answer`);
      return result;
    },
  };
}

/** Looking a name up has no limit of its own. */
async function before(deadline: number, url: URL, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = new HttpFault(`the name ${url.hostname} was not looked up in time`, { timedOut: true });
    timer = setTimeout(() => reject(late), Math.max(deadline - Date.now(), 0));
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Literal addresses never reach a lookup, so they are judged here; so is plain http. */
function refuseUpFront(url: URL, rules: AddressRules): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new HttpFault(`${url.protocol} is not a protocol for requests; use https:`);
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new HttpFault(`http://${url.host} is not encrypted; use https: (http: is for loopback only)`);
  }
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  const reason = isIP(literal) ? refusalOf(literal, rules) : undefined;
  if (reason) throw new HttpFault(`request refused: ${reason}`);
}

function exchange(
  url: URL,
  request: HttpRequest,
  rules: AddressRules,
  agents: Agents,
  deadline: number,
  freshConnection = false,
): Promise<HttpAnswer | 'stale connection'> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    const body = Buffer.from(request.body ?? '', 'utf8');
    const outgoing = (secure ? httpsRequest : httpRequest)(url, {
      method: request.method,
      headers: { ...request.headers, 'content-length': body.byteLength },
      agent: freshConnection && !agents.through ? false : secure ? agents.https : agents.http,
      lookup: guardedLookup(rules),
    });
    const fail = (fault: HttpFault) => {
      clearTimeout(timer);
      reject(fault);
      outgoing.destroy();
    };
    // The promise itself is settled, whatever the socket does or never says: one attempt must not hold up the rest.
    const timer = setTimeout(
      () =>
        fail(new HttpFault(`no answer from ${url.host} within ${request.timeoutMs} ms`, { timedOut: true })),
      Math.max(deadline - Date.now(), 0),
    );
    let answered = false;
    const anotherProtocol = (incoming: IncomingMessage) => {
      const said = `answered ${incoming.statusCode} and wants to speak another protocol than HTTP`;
      incoming.socket.destroy();
      fail(new HttpFault(`${url.host} ${said}`));
    };
    outgoing.on('upgrade', anotherProtocol);
    // What the proxy refuses is not the receiver's answer: it is worth another try, whatever the status.
    outgoing.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200)
        fail(new HttpFault(`the proxy ${agents.through} answered ${statusCode} for ${url.host}`));
    });
    outgoing.on('response', (incoming: IncomingMessage) => {
      if (incoming.statusCode === 101) return anotherProtocol(incoming);
      answered = true;
      // Reading has the same deadline; what there is by then is enough.
      clearTimeout(timer);
      readStart(incoming, deadline, request.mostBytes).then((start) => {
        resolve({ status: incoming.statusCode ?? 0, headers: flatten(incoming), body: start });
      });
    });
    outgoing.on('error', (error: Error & { code?: string }) => {
      // Once there is a status line the answer counts, whatever happens to its body.
      if (answered) return;
      if (outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) {
        clearTimeout(timer);
        return resolve('stale connection');
      }
      fail(asFault(error, url));
    });
    outgoing.on('close', () => {
      if (!answered) fail(new HttpFault(`connection to ${url.host} closed before an answer`));
    });
    outgoing.end(body);
  });
}

function flatten(incoming: IncomingMessage): Record<string, string> {
  const entries = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return Object.fromEntries(entries);
}

/** Node's messages name hosts and codes, never headers or bodies; the URL's path may hold a token, so it stays out. */
function asFault(error: Error & { code?: string }, url: URL): HttpFault {
  if (error instanceof HttpFault) return error;
  const causes =
    error instanceof AggregateError ? error.errors.map((each: Error) => each.message) : [error.message];
  const detail = causes.filter(Boolean).join('; ') || error.code || error.name;
  const timedOut = error.code === 'ETIMEDOUT';
  return new HttpFault(`no answer from ${url.host}: ${detail}`, { cause: error, timedOut });
}
