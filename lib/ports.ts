/**
 * Everything the use cases need from the outside world, as small interfaces.
 * Production adapters live in lib/adapters/aws and lib/store; tests and the simulator bring their own.
 */

/** Epoch milliseconds throughout; `sleep` resolves after at least `ms`. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Random {
  /** A fresh opaque token, unique enough to own a claim. */
  token(): string;
  /** Uniform in [0, 1). */
  unit(): number;
}

export interface HttpRequest {
  method: 'POST' | 'DELETE' | 'GET' | 'PATCH' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** The whole exchange, connecting and reading the answer included, is abandoned after this. */
  timeoutMs: number;
  /** How much of the answer's body is read, within the deadline; 2 KiB in 2 s where absent. */
  mostBytes?: number;
  /** Let the request go to private, link-local or carrier-grade addresses. */
  allowPrivate?: boolean;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The beginning of the answer, at most 2 KiB or `mostBytes`. */
  body: string;
}

/** Sends one request, never follows a redirect. Throws `HttpFault` for anything that is not an HTTP answer. */
export interface Http {
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export class HttpFault extends Error {
  readonly timedOut: boolean;
  constructor(message: string, options: { timedOut?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'HttpFault';
    this.timedOut = options.timedOut ?? false;
  }
}

/**
 * Reads a secret by reference (`env:NAME`, `ssm:/path`). Comma-separated values are split, trimmed, empties
 * dropped. Cached at most 5 minutes; `fresh` forces one read (bounded by the adapter); the last good value is
 * served when the source fails. Throws when there has never been a good value.
 */
export interface Secrets {
  read(reference: string, options?: { fresh?: boolean }): Promise<string[]>;
}

/** Where the secrets of webhook subscriptions are kept, to be read by the bridge. What throws never quotes one. */
export interface SecretStore {
  /** Its reference, for people. */
  where: string;
  /** All of them; none where there is nothing yet. */
  read(): Promise<string[]>;
  /** Throws where it may not be written to. What is in it stays as it is. */
  proveWritable(): Promise<void>;
  write(secrets: readonly string[]): Promise<void>;
}

export type LogFields = Record<string, unknown>;

/** Structured log lines and metrics. Never receives a secret, signature or authorization header. */
export interface Telemetry {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Names and units are listed in lib/metric-names.ts. `destination` is the only dimension. */
  metric(name: import('./metric-names.ts').MetricName, value: number, destination?: string): void;
}
