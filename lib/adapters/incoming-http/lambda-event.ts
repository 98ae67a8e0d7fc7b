import type { EdgeRequest, EdgeResponse, RoutedRequest } from './request.ts';

type Fields = Record<string, unknown>;

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/**
 * The request in an event of payload format 2.0, which HTTP APIs and Function URLs share. Any object at all
 * is understood as some request: an event of another shape has no method and is answered 405.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function fromLambdaEvent(event: unknown, nowMs: number): EdgeRequest {
  const top = fields(event);
  const context = fields(top['requestContext']);
  const http = fields(context['http']);
  const arrived = context['timeEpoch'];
  return {
    method: typeof http['method'] === 'string' ? http['method'].toUpperCase() : '',
    headers: lowerCased(fields(top['headers'])),
    rawBody: bodyBytes(top['body'], top['isBase64Encoded'] === true),
    // A clock that disagrees wildly must not turn into "no time left" for every request.
    arrivedAtMs: typeof arrived === 'number' && Math.abs(nowMs - arrived) < 60_000 ? arrived : nowMs,
  };
}

/** The same with path and query, where they matter. */
export function fromRoutedLambdaEvent(event: unknown, nowMs: number): RoutedRequest {
  const { rawPath, rawQueryString } = fields(event);
  return {
    ...fromLambdaEvent(event, nowMs),
    path: typeof rawPath === 'string' ? rawPath : '/',
    query: typeof rawQueryString === 'string' ? rawQueryString : '',
  };
}

export function toLambdaResponse(response: EdgeResponse): {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
} {
  return { statusCode: response.status, headers: response.headers, body: response.body };
}

function lowerCased(headers: Fields): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') result[name.toLowerCase()] = value;
  }
  return result;
}

function bodyBytes(body: unknown, base64: boolean): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, base64 ? 'base64' : 'utf8') : new Uint8Array();
}
