import type { HttpAnswer } from '../../../ports.ts';

/**
 * Milliseconds until Datadog's rate limit starts over, from `X-RateLimit-Reset` (seconds) of a 429.
 * https://docs.datadoghq.com/api/latest/rate-limits/
 */
export function rateLimitReset({ status, headers }: HttpAnswer): number | undefined {
  const text = headers['x-ratelimit-reset']?.trim() ?? '';
  return status === 429 && /^\d{1,9}(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : undefined;
}
