import {
  datadogService,
  schemaVersion,
  serviceDirectoryUrl,
  strayLink,
  versionMark,
} from '../datadog-service.ts';
import { linkUnder, mapping, name, optionalMapping, optionalName, problemsOf } from '../fields.ts';
import type { DefinitionFormat } from '../format.ts';
import { datadogRepositories } from '../repositories.ts';

const pagerduty = linkUnder('service-url', ['serviceURL', 'service_url']);

const schema = mapping({
  'dd-service': name,
  team: optionalName,
  integrations: optionalMapping({ pagerduty }),
});

/** Datadog v2.1 and v2.2 differ in nothing the bridge reads: the URL has moved to `pagerduty.service-url`. */
function withServiceUrl<Version extends 'v2.1' | 'v2.2'>(
  version: Version,
): DefinitionFormat<`datadog-${Version}`> {
  return {
    name: `datadog-${version}`,
    title: `Datadog service definition ${version}`,
    marks: [versionMark],
    recognizes: (document) => schemaVersion(document) === version,
    read(document) {
      const parsed = schema.safeParse(document);
      if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
      const { 'dd-service': service, team, integrations } = parsed.data;
      const { entries, problems } = datadogService(`datadog-${version}`, {
        name: service,
        teams: [team],
        pagerduty: integrations?.pagerduty?.['service-url'],
        pagerdutyAt: ['integrations', 'pagerduty', 'service-url'],
        repositories: datadogRepositories(document),
      });
      return { entries, problems: [...problems, ...strayLink(document)] };
    },
    linesFor: (service) => [
      'integrations:',
      '  pagerduty:',
      `    service-url: ${serviceDirectoryUrl(service)}`,
    ],
  };
}

export const datadogV21 = withServiceUrl('v2.1');
export const datadogV22 = withServiceUrl('v2.2');
