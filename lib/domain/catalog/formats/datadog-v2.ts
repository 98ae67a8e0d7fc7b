import * as z from 'zod';
import {
  datadogService,
  schemaVersion,
  serviceDirectoryUrl,
  strayLink,
  versionMark,
} from '../datadog-service.ts';
import { linkText, mapping, name, optionalMapping, optionalName, problemsOf } from '../fields.ts';
import type { DefinitionFormat } from '../format.ts';
import { datadogRepositories } from '../repositories.ts';

const pagerduty = z
  .unknown()
  .refine(
    (value) => typeof value !== 'object' || value === null,
    'is a URL in v2; service-url below it came with v2.1',
  )
  .pipe(linkText);

const schema = mapping({
  'dd-service': name,
  team: optionalName,
  'dd-team': optionalName,
  integrations: optionalMapping({ pagerduty }),
});

/** Datadog v2: the PagerDuty service is a plain URL; a team may be named by `team`, by its handle, or by both. */
export const datadogV2: DefinitionFormat<'datadog-v2'> = {
  name: 'datadog-v2',
  title: 'Datadog service definition v2',
  marks: [versionMark],
  recognizes: (document) => ['v2', 'v2.0'].includes(schemaVersion(document) ?? ''),
  read(document) {
    const parsed = schema.safeParse(document);
    if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
    const { 'dd-service': service, team, 'dd-team': handle, integrations } = parsed.data;
    const { entries, problems } = datadogService('datadog-v2', {
      name: service,
      teams: [team, handle],
      handle: team === undefined ? undefined : handle,
      pagerduty: integrations?.pagerduty,
      pagerdutyAt: ['integrations', 'pagerduty'],
      repositories: datadogRepositories(document),
    });
    return { entries, problems: [...problems, ...strayLink(document)] };
  },
  linesFor: (service) => ['integrations:', `  pagerduty: ${serviceDirectoryUrl(service)}`],
};
