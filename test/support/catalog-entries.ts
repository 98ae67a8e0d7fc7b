import type { CatalogService, CatalogTeam } from '../../lib/domain/catalog/entry.ts';
import { parseServiceId, parseServiceUrl } from '../../lib/domain/pagerduty/service-url.ts';

/** A service as one of the readers would make it; `pagerduty` is a URL, or an id as in Backstage. */
export function service(
  name: string,
  details: Partial<Omit<CatalogService, 'pagerduty'>> & { pagerduty?: string } = {},
): CatalogService {
  const { pagerduty, ...rest } = details;
  const ref = pagerduty === undefined ? undefined : (parseServiceUrl(pagerduty) ?? parseServiceId(pagerduty));
  return {
    type: 'service',
    name,
    kind: 'service',
    namespace: 'default',
    format: 'datadog-v2.2',
    ...rest,
    ...(ref === undefined ? {} : { pagerduty: ref }),
  };
}

export function team(name: string, details: Partial<CatalogTeam> = {}): CatalogTeam {
  return {
    type: 'team',
    name,
    namespace: 'default',
    aliases: [],
    defined: true,
    format: 'backstage',
    ...details,
  };
}
