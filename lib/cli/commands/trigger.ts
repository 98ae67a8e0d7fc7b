import { readLocalSettings } from '../../adapters/config/environment.ts';
import { readKeptSecret } from '../../adapters/laptop/kept-secret.ts';
import { createNodeHttp } from '../../adapters/outgoing-http/node-http.ts';
import { proxyFor } from '../../adapters/outgoing-http/proxy.ts';
import { sign } from '../../domain/pagerduty/signature.ts';
import { cut } from '../../domain/text/cut.ts';
import { collect, command } from '../command.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { readRequest } from '../read-request.ts';
import { sampleEvent, sampleEventTypes } from '../sample-events.ts';
import { setPath } from '../set-path.ts';
import { runningBridge } from '../target.ts';

interface Options {
  url?: string;
  secret?: string;
  apiKey?: string;
  set?: string[];
  header?: string[];
  file?: string;
  list?: true;
  json?: true;
}

const patience = 10_000;
const longestAnswer = 10_000;

/** `pdbridge trigger <event-type>`: what PagerDuty would send, signed. */
export function triggerCommand(io: Io) {
  return command(io, 'trigger [event-type]', 'sends one signed sample webhook to the bridge', [
    'trigger incident.triggered --set data.title="Checkout is slow" --set data.service.summary="Checkout API"',
    'trigger --file captured.json --url https://bridge.example.com/webhooks/pagerduty --secret "$SECRET"',
  ])
    .option('--list', 'name the samples there are')
    .option('--url <url>', 'where to; without it, to the bridge on this machine')
    .option('--secret <secret>', 'signing secret; without it, the one of the bridge on this machine')
    .option('--api-key <key>', 'sent as X-Api-Key')
    .option('--set <path=value>', 'change the body, such as data.urgency=low; may be repeated', collect)
    .option('--header <name=value>', 'send another header, such as dd_env=prod; may be repeated', collect)
    .option('--file <body.json>', 'send this body, byte by byte unless --set changes it')
    .action(async (eventType: string | undefined, options: Options) => {
      if (options.list) return list(io, options);
      const body = await bodyOf(eventType, options, io);
      await send(await destinationOf(options, io), body, options, io);
    });
}

async function list(io: Io, { json }: Options): Promise<void> {
  const types = await sampleEventTypes();
  if (json) printJson(io, types);
  else io.out(types.map((type) => `${type}\n`).join(''));
}

async function bodyOf(
  eventType: string | undefined,
  { file, set = [] }: Options,
  io: Io,
): Promise<Uint8Array> {
  if ((eventType === undefined) === (file === undefined)) {
    throw wrongUsage('Give an event type (`pdbridge trigger --list` names them) or --file.');
  }
  const raw = file === undefined ? undefined : readRequest(file);
  if (raw && set.length === 0) return raw;
  const body = raw ? parse(raw, file ?? '') : await sampleEvent(eventType ?? '', io.now());
  for (const assignment of set) setPath(body, assignment);
  return Buffer.from(JSON.stringify(body));
}

function parse(raw: Uint8Array, file: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(raw));
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw wrongUsage(`${file} is not a JSON object, so --set cannot change it.`);
}

/** Where to, and with which credentials: given ones, else those of the bridge on this machine. */
async function destinationOf(options: Options, io: Io) {
  const url = options.url ?? (await runningBridge(io)).webhook_url;
  if (!URL.canParse(url)) throw wrongUsage(`--url is not a URL: ${url}`);
  const { dataDir, apiKeys, signingSecrets } = readLocalSettings(io.environment);
  const apiKey = options.apiKey ?? apiKeys?.[0];
  const secret = options.secret ?? signingSecrets?.[0] ?? (await readKeptSecret(dataDir, 'signing-secret'));
  if (secret === undefined && apiKey === undefined) {
    throw failed('no_secret', 'There is no secret to sign with: give --secret or --api-key.');
  }
  return { url, secret, apiKey };
}

async function send(
  { url, secret, apiKey }: Awaited<ReturnType<typeof destinationOf>>,
  body: Uint8Array,
  { header = [], json }: Options,
  io: Io,
): Promise<void> {
  const headers = new Headers({ 'content-type': 'application/json', 'user-agent': 'PagerDuty-Webhook/V3.0' });
  headers.set('x-webhook-id', crypto.randomUUID());
  headers.set('x-webhook-subscription', 'PDBRIDGE');
  if (secret !== undefined) headers.set('x-pagerduty-signature', sign(body, secret));
  if (apiKey !== undefined) headers.set('x-api-key', apiKey);
  for (const each of header) setHeader(headers, each);

  io.err(`Target: ${url}\n`);
  const answer = await post(url, headers, body).catch((error) => {
    const { cause } = error as { cause?: { message?: string } };
    throw failed('no_answer', `${url} does not answer: ${cause?.message ?? String(error)}`);
  });
  const text = await startOf(answer);
  if (json) printJson(io, { url, status: answer.status, answer: jsonOr(text) });
  else io.out(`${answer.status} ${text}\n`);
  if (answer.status >= 300) throw failed('not_accepted', json ? '' : hints[answer.status]);
}

/** An answer is a line; of something else, such as a page or a stream without end, its beginning. */
async function startOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > longestAnswer) return `${cut(text, longestAnswer)}…`;
  }
  return text;
}

/** Through the proxy the environment names, which fetch knows nothing of. */
async function post(url: string, headers: Headers, body: Uint8Array): Promise<Response> {
  if (proxyFor(new URL(url)) === undefined) {
    const signal = AbortSignal.timeout(patience);
    return fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  }
  const http = createNodeHttp({ allowLoopback: true });
  const text = new TextDecoder().decode(body);
  const request = { method: 'POST' as const, url, headers: Object.fromEntries(headers), body: text };
  const answer = await http.send({ ...request, timeoutMs: patience, allowPrivate: true });
  return new Response(answer.status === 204 ? null : answer.body, { status: answer.status });
}

const hints: Record<number, string> = {
  503: 'If the bridge says authentication_failed, --secret is not the one it verifies with.',
  401: 'The bridge saw no credentials: is something between here and there that drops headers?',
};

function setHeader(headers: Headers, assignment: string): void {
  const equals = assignment.indexOf('=');
  // Not repeated: what was meant may be `authorization: Bearer …`.
  if (equals < 1)
    throw wrongUsage('--header takes name=value, such as dd_env=prod; one has no name or no =.');
  headers.set(assignment.slice(0, equals), assignment.slice(equals + 1));
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
