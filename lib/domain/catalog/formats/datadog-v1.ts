import { datadogService, schemaVersion, serviceDirectoryUrl, serviceMark } from '../datadog-service.ts';
import {
  linkText,
  mapping,
  name,
  optionalMapping,
  optionalName,
  optionalText,
  problemsOf,
} from '../fields.ts';
import type { DefinitionFormat, Document } from '../format.ts';
import { datadogRepositories } from '../repositories.ts';

const schema = mapping({
  info: mapping({ 'dd-service': name, 'display-name': optionalText }),
  org: optionalMapping({ team: optionalName }),
  integrations: optionalMapping({ pagerduty: linkText }),
});

/**
 * Datadog's first format: the name under `info`, the team under `org`; `schema-version` may be missing. Other files
 * of Datadog's tools (`static-analysis.datadog.yml`) say `schema-version: v1` too, but have no `info`.
 */
export const datadogV1: DefinitionFormat<'datadog-v1'> = {
  name: 'datadog-v1',
  title: 'Datadog service definition v1',
  marks: [serviceMark],
  recognizes: (document) =>
    (schemaVersion(document) === 'v1' && 'info' in document) ||
    (document['schema-version'] == null && hasInfo(document)),
  read(document) {
    const parsed = schema.safeParse(document);
    if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
    const { info, org, integrations } = parsed.data;
    return datadogService('datadog-v1', {
      name: info['dd-service'],
      teams: [org?.team],
      displayName: info['display-name'],
      pagerduty: integrations?.pagerduty,
      pagerdutyAt: ['integrations', 'pagerduty'],
      repositories: datadogRepositories(document),
    });
  },
  linesFor: (service) => ['integrations:', `  pagerduty: ${serviceDirectoryUrl(service)}`],
};

function hasInfo({ info }: Document): boolean {
  return typeof info === 'object' && info !== null && 'dd-service' in info;
}
