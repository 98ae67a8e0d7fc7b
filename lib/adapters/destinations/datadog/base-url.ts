import type { DatadogConfig } from './datadog-config.ts';

/** Where Datadog's API is, without a slash at the end. */
export function baseUrl({ base_url, site = 'datadoghq.com' }: DatadogConfig): string {
  if (base_url !== undefined) return base_url.replace(/\/+$/, '');
  return site.includes('://') ? site.replace(/\/+$/, '') : `https://api.${site}`;
}
