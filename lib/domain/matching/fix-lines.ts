import type { CatalogEntry, SourceFormat } from '../catalog/entry.ts';
import { formatNamed } from '../catalog/formats.ts';
import type { PagerDutyRef } from '../pagerduty/reference.ts';
import { serviceRefOf } from './lookup-keys.ts';

/** The format most services of a catalog are written in; Datadog v3 while there is none. */
export function formatInUse(catalog: readonly CatalogEntry[]): SourceFormat {
  const counts = new Map<SourceFormat, number>();
  for (const { type, format } of catalog) {
    if (type === 'service') counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1));
  return most?.[0] ?? 'datadog-v3';
}

/** The lines that tie any definition of a format to this PagerDuty service; undefined if it cannot be told which. */
export function linesFor(service: PagerDutyRef, format: SourceFormat): string | undefined {
  const ref = serviceRefOf(service);
  return ref === undefined ? undefined : formatNamed(format).linesFor(ref).join('\n');
}

/** The line of bridge.yml that makes an account that was renamed fit the catalog's; undefined where both are one. */
export function aliasLine(seen: string | undefined, configured: string | undefined): string | undefined {
  const accountOf = (host = '') => host.replace(/\.pagerduty\.com$/, '').split('.')[0] ?? '';
  const [from, to] = [accountOf(seen), accountOf(configured)];
  return from === '' || to === '' || from === to ? undefined : `account_aliases: { ${from}: ${to} }`;
}
