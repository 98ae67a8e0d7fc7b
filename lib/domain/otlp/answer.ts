import type { Encoding } from './read-export.ts';

/** gRPC's codes, which OTLP uses over HTTP too. */
const codes = { 400: 3, 403: 7, 404: 5, 405: 12, 503: 14 } as const;

export interface OtlpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const contentTypes = { json: 'application/json', protobuf: 'application/x-protobuf' };

/** That all was taken: an empty message, in the encoding of the request. */
export const taken = (encoding: Encoding): OtlpAnswer => ({
  status: 200,
  headers: { 'content-type': contentTypes[encoding] },
  body: encoding === 'json' ? '{}' : '',
});

/**
 * What went wrong, as the `google.rpc.Status` that OTLP wants, in the encoding of the request.
 * https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function failed(
  encoding: Encoding,
  status: keyof typeof codes,
  message: string,
  headers: Record<string, string> = {},
): OtlpAnswer {
  const code = codes[status];
  return {
    status,
    headers: { 'content-type': contentTypes[encoding], ...headers },
    body: encoding === 'json' ? JSON.stringify({ code, message }) : statusMessage(code, message),
  };
}

const longest = 127;

/** `{1: code, 2: message}` in protobuf: as long as every byte of it is ASCII, it is text too. */
function statusMessage(code: number, message: string): string {
  const text = message.replace(/[^\x20-\x7e]/g, '?').slice(0, longest);
  return String.fromCharCode(0x08, code, 0x12, text.length) + text;
}
