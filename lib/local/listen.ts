import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { StartError } from '../adapters/laptop/start-error.ts';

type Server = HttpServer | HttpsServer;

/** Resolves with the port it listens on. `variable` is what sets it. */
export function listen(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy: Record<string, string> = {
        EADDRINUSE: `Port ${port} is taken. Set ${variable} to another one, or to 0 for a free one.`,
        EACCES: `Port ${port} needs special rights. Set ${variable} to one above 1023.`,
        EADDRNOTAVAIL: `HOST is ${host}, which is no address of this machine. Try 127.0.0.1 or 0.0.0.0.`,
        ENOTFOUND: `HOST is ${host}, which is not known. Try 127.0.0.1 or 0.0.0.0.`,
      };
      const message = remedy[error.code ?? ''];
      reject(message ? new StartError('port_in_use', message, { cause: error }) : error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The address to write in a URL: one that listens everywhere is reached on the loopback. */
export function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Takes no new request and waits for those under way, at most `withinMs`. */
export function end(server: Server, withinMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
