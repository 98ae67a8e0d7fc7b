/** One HTTP request as every edge hands it in: HTTP API, Function URL and the local server. */
export interface EdgeRequest {
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The body exactly as it was sent. */
  rawBody: Uint8Array;
  /** When the request reached the front door, epoch milliseconds; the deadline counts from it. */
  arrivedAtMs: number;
}

/** A request of which the path matters: `receive` takes every path for its own, `ingest` does not. */
export interface RoutedRequest extends EdgeRequest {
  /** As sent, percent-encoded, without query. */
  path: string;
  /** What follows the question mark; empty where nothing does. */
  query: string;
}

export interface EdgeResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function jsonResponse(
  status: number,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): EdgeResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
