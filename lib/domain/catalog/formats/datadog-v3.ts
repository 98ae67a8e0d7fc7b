import * as z from 'zod';
import { datadogService, serviceDirectoryUrl } from '../datadog-service.ts';
import {
  listOf,
  mapping,
  name,
  optionalMapping,
  optionalName,
  optionalText,
  problemsOf,
  serviceUrlText,
} from '../fields.ts';
import type { DefinitionFormat } from '../format.ts';

const pagerduty = z.preprocess(
  (value) => value ?? undefined,
  mapping({ serviceURL: serviceUrlText })
    .refine(
      (value) =>
        value.serviceURL !== undefined ||
        !('service-url' in value || 'serviceUrl' in value || 'service_url' in value),
      'has another spelling of serviceURL, which is its name in v3',
    )
    .optional(),
);

const schema = mapping({
  kind: name,
  metadata: mapping({
    name,
    namespace: optionalName,
    displayName: optionalText,
    owner: optionalName,
    additionalOwners: listOf(mapping({ name: optionalName })),
  }),
  integrations: optionalMapping({ pagerduty }),
});

/** Datadog v3: entities of any kind, which incidents can be attributed to all alike. */
export const datadogV3: DefinitionFormat<'datadog-v3'> = {
  name: 'datadog-v3',
  title: 'Datadog entity definition v3',
  recognizes: ({ apiVersion }) => typeof apiVersion === 'string' && apiVersion.trim().toLowerCase() === 'v3',
  read(document) {
    const parsed = schema.safeParse(document);
    if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
    const { kind, metadata, integrations } = parsed.data;
    const { owner, additionalOwners } = metadata;
    const others = (additionalOwners ?? []).map((additional) => additional.name);
    const entity = datadogService('datadog-v3', {
      name: metadata.name,
      kind,
      namespace: metadata.namespace,
      teams: [owner],
      displayName: metadata.displayName,
      pagerduty: integrations?.pagerduty?.serviceURL,
    });
    // An additional owner is a team, but without an owner the entity has no team of its own.
    const otherTeams = [
      ...new Set(others.filter((other) => other !== undefined && other !== owner)),
    ] as string[];
    return { entries: [otherTeams.length === 0 ? entity : { ...entity, otherTeams }], problems: [] };
  },
  linesFor: (service) => ['integrations:', '  pagerduty:', `    serviceURL: ${serviceDirectoryUrl(service)}`],
};
