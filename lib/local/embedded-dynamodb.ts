import { EventEmitter } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DynaliteStore } from 'dynalite/db/index.js';
import { folderInUse, StartError } from '../adapters/laptop/start-error.ts';
import { isLoopbackHost } from '../adapters/outgoing-http/loopback.ts';
import { addNewIndexes } from './add-new-indexes.ts';
import { createStore, serveStore } from './embedded-store.ts';
import { makeFolder } from './make-folder.ts';
import { type IndexRepair, repairIndexes } from './repair-indexes.ts';

export interface EmbeddedDynamoDb {
  endpoint: string;
  /** What had to be repaired because the last process was killed; absent after a clean stop. */
  repaired?: IndexRepair;
  /** Finishes what was accepted, closes the files and lets another process open the folder. */
  close(): Promise<void>;
}

export interface EmbeddedDynamoDbOptions {
  /** Where the files go; `memory` keeps nothing. */
  dataDir: string;
  /** 0 picks a free one. */
  port: number;
}

/** A request to DynamoDB is at most 16 MiB (BatchWriteItem). */
const maxRequestBytes = 16 * 1024 * 1024;

/**
 * A DynamoDB for one machine. What it acknowledged is in the operating system's hands, so it survives a
 * `kill -9`; the marker file left behind by one makes the next start repair the indexes.
 */
export async function startEmbeddedDynamoDb(options: EmbeddedDynamoDbOptions): Promise<EmbeddedDynamoDb> {
  const folder = options.dataDir === 'memory' ? undefined : options.dataDir;
  const { store, marker, repaired } = await (folder === undefined ? openInMemory() : openFolder(folder));
  const server = serveStore(store);
  guard(server);
  const close = async () => {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeIdleConnections();
    });
    if (marker) await rm(marker, { force: true });
  };
  const port = await listen(server, options.port).catch(async (error) => {
    // dynalite lets go of its files only when a server that listens is closed.
    await listen(server, 0).then(close);
    throw error;
  });
  return { endpoint: `http://127.0.0.1:${port}`, ...(repaired && { repaired }), close };
}

interface Opened {
  store: DynaliteStore;
  marker?: string;
  repaired?: IndexRepair | undefined;
}

async function openInMemory(): Promise<Opened> {
  const store = createStore();
  await store.db.open();
  return { store };
}

async function openFolder(folder: string): Promise<Opened> {
  const path = join(folder, 'dynamodb');
  const marker = join(folder, 'dynamodb.pid');
  await makeFolder(path);
  await refuseWithoutCurrent(folder, path);
  const leftBy = await readFile(marker, 'utf8').catch(() => undefined);
  const store = createStore(path);
  try {
    await store.db.open();
    const upgraded = await addNewIndexes(store.db);
    const changes = leftBy === undefined && !upgraded ? undefined : await repairIndexes(store.db);
    const repaired = leftBy === undefined ? undefined : changes;
    await writeFile(marker, `${process.pid}\n`, { mode: 0o600 });
    return { store, marker, repaired };
  } catch (error) {
    await store.db.close().catch(() => {});
    throw cannotOpen(folder, leftBy?.trim(), error);
  }
}

/** LevelDB takes a folder without this file for a new one, and what the others hold would be gone in silence. */
async function refuseWithoutCurrent(folder: string, path: string): Promise<void> {
  const files = await readdir(path);
  if (files.includes('CURRENT') || !files.some((file) => /^MANIFEST-|\.(ldb|log)$/.test(file))) return;
  throw cannotOpen(folder, undefined, new Error('its file CURRENT is missing, the others are there'));
}

function cannotOpen(folder: string, pid: string | undefined, error: unknown): Error {
  const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
  if (code === 'LEVEL_LOCKED') {
    const owner = pid ? `the process with pid ${pid}` : 'another process';
    return new StartError('data_folder_in_use', folderInUse(folder, owner), { cause: error });
  }
  return new StartError(
    'data_folder_unreadable',
    `The database in ${folder} cannot be opened: ${message ?? String(error)}. ` +
      'Set BRIDGE_DATA_DIR to another folder, or move this one away to start empty.',
    { cause: error },
  );
}

/**
 * Puts two things in front of dynalite's own listener. Web pages are kept out: every browser sends `Origin`
 * with a POST, no DynamoDB client does. And the body is read here first, because dynalite throws out of the
 * process when a client goes away in the middle of one.
 */
function guard(server: Server): void {
  const [handle] = server.listeners('request') as RequestListener[];
  if (!handle) throw new Error('dynalite has no request listener to guard');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.headers.origin !== undefined)
      return refuse(request, response, 403, 'Requests from web pages are refused.');
    if (!isThisMachine(request.headers.host))
      return refuse(
        request,
        response,
        403,
        'Only requests that name this machine as their host are answered.',
      );
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxRequestBytes) refuse(request, response, 413, 'The request is larger than 16 MiB.');
      else chunks.push(chunk);
    });
    request.on('error', () => response.destroy());
    request.on('end', () => {
      if (!response.headersSent) pass(handle, request, response, Buffer.concat(chunks));
    });
  });
}

/** A name that a stranger's DNS points here is not this machine's; a container has a name of its own for it. */
function isThisMachine(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '') ?? '';
  return isLoopbackHost(name) || name === 'host.docker.internal';
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ __type: 'AccessDeniedException', message }), () => request.destroy());
}

/** dynalite listens to `data` and `end` and reads method, url and headers; nothing else of the request. */
function pass(
  handle: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const { method, url, headers } = request;
  const whole = Object.assign(new EventEmitter(), { method, url, headers });
  try {
    handle(whole as unknown as IncomingMessage, response as Parameters<RequestListener>[1]);
    if (body.length > 0) whole.emit('data', body);
    whole.emit('end');
  } catch (error) {
    refuse(request, response, 500, `The embedded database cannot answer this request: ${String(error)}`);
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(
        new StartError(
          'port_in_use',
          `Port ${port} is taken, so the embedded DynamoDB cannot listen there. ` +
            'Set DYNAMODB_PORT to another port, or to 0 for a free one.',
          { cause: error },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
