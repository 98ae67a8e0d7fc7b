import { cut } from '../../domain/text/cut.ts';

/**
 * The last line of defence: nothing that looks like a credential reaches a log, even if a caller passes it.
 * Keys are judged by name, strings by the shapes that our own secrets and PagerDuty's signatures have.
 */
const secretKey =
  /secret|signature|authorization|password|passwd|credential|cookie|api[-_]?key|private[-_]?key|^(access[-_]?|session[-_]?)?token$/i;

/** A reference such as `ssm:/path` names a secret without being one, and is what an operator needs to see. */
const reference = /^(env:\w+|ssm:[\w./-]+)$/;

const secretShapes: [RegExp, string][] = [
  [/\bv1=[0-9a-f]{16,}/gi, 'v1=[redacted]'],
  [/\bv1,[A-Za-z0-9+/]{24,}={0,2}/g, 'v1,[redacted]'],
  [/\bwhsec_[A-Za-z0-9+/=_-]+/g, 'whsec_[redacted]'],
  [/\b(Bearer|Basic|Token token=)\s*[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [redacted]'],
  // AWS quotes the request it refuses: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
  [/AWS4-HMAC-SHA256 [^"'\n\\]*/g, 'AWS4-HMAC-SHA256 [redacted]'],
  [/(x-amz-security-token\\?["']?\s*[:=]\s*\\?["']?)[^\s"',;\\]+/gi, '$1[redacted]'],
  [/\b(https?:\/\/)[^\s/@:]+:[^\s/@]+@/gi, '$1[redacted]@'],
];

const longestText = 4_000;
const deepest = 6;

/** A copy that is safe to log: bounded in depth and length, free of cycles, and always JSON. */
export function redact(value: unknown, depth = 0, above: object[] = []): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (value === null || typeof value !== 'object') return value;
  if (above.includes(value)) return '[circular]';
  if (depth >= deepest) return '[too deep]';
  const path = [...above, value];
  if (value instanceof Error) return redactError(value, depth, path);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1, path));
  if (value instanceof Set) return [...value].map((item) => redact(item, depth + 1, path));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, redactEntry(key, item, depth + 1, path)]));
}

function redactEntry(key: unknown, value: unknown, depth: number, above: object[]): unknown {
  const harmless = value == null || typeof value === 'boolean' || typeof value === 'number';
  if (harmless || !secretKey.test(String(key))) return redact(value, depth, above);
  return typeof value === 'string' && reference.test(value) ? value : '[redacted]';
}

/** Errors are not enumerable, and their cause is often the only line that says what happened. */
function redactError(error: Error, depth: number, above: object[]): unknown {
  const { code, $metadata } = error as { code?: unknown; $metadata?: unknown };
  return {
    name: error.name,
    message: redactText(error.message),
    ...(code === undefined ? {} : { code: redact(code, depth + 1, above) }),
    ...($metadata === undefined ? {} : { aws: redact($metadata, depth + 1, above) }),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1, above) }),
  };
}

function redactText(text: string): string {
  const safe = secretShapes.reduce((kept, [shape, replacement]) => kept.replace(shape, replacement), text);
  return safe.length > longestText ? `${cut(safe, longestText)}… [${safe.length} characters]` : safe;
}
