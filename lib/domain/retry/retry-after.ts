/**
 * `Retry-After` in both its forms, delta seconds and HTTP date (RFC 9110, 10.2.3), as milliseconds from `nowMs`.
 * Anything else is treated as if it were not there.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse is generous ("5x", "2026"); every HTTP date form begins with a weekday's name.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
