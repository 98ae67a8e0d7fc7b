import { datadogService, serviceDirectoryUrl } from '../datadog-service.ts';
import {
  linkUnder,
  listOf,
  mapping,
  name,
  optionalMapping,
  optionalName,
  optionalText,
  problemsOf,
} from '../fields.ts';
import type { DefinitionFormat } from '../format.ts';
import { datadogRepositories } from '../repositories.ts';

const pagerduty = linkUnder('serviceURL', ['service-url', 'serviceUrl', 'service_url']);
const references = listOf(optionalName);

const schema = mapping({
  kind: name,
  metadata: mapping({
    name,
    namespace: optionalName,
    displayName: optionalText,
    owner: optionalName,
    additionalOwners: listOf(mapping({ name: optionalName })),
    inheritFrom: optionalName,
  }),
  spec: optionalMapping({ components: references, componentOf: references }),
  integrations: optionalMapping({ pagerduty }),
});

/** Datadog v3: entities of any kind, which incidents can be attributed to all alike. */
export const datadogV3: DefinitionFormat<'datadog-v3'> = {
  name: 'datadog-v3',
  title: 'Datadog entity definition v3',
  // Helm and others say `apiVersion: v3` too.
  marks: [/apiVersion["']?\s*:\s*["']?v3["']?\s*(?:[,}\r\n#]|$)/i, /kind["']?\s*:/, /metadata["']?\s*:/],
  recognizes: ({ apiVersion }) => typeof apiVersion === 'string' && apiVersion.trim().toLowerCase() === 'v3',
  read(document) {
    const parsed = schema.safeParse(document);
    if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
    const { kind, metadata, spec, integrations } = parsed.data;
    const { owner, additionalOwners, inheritFrom } = metadata;
    const { entries, problems } = datadogService('datadog-v3', {
      name: metadata.name,
      kind,
      namespace: metadata.namespace,
      teams: [owner],
      displayName: metadata.displayName,
      pagerduty: integrations?.pagerduty?.['serviceURL'],
      pagerdutyAt: ['integrations', 'pagerduty', 'serviceURL'],
      repositories: datadogRepositories(document),
    });
    const [entity] = entries;
    // An additional owner is a team, but without an owner the entity has no team of its own.
    const otherTeams = [...new Set(namesIn(additionalOwners?.map((additional) => additional.name)))].filter(
      (other) => other !== owner,
    );
    return {
      entries: [otherTeams.length === 0 ? entity : { ...entity, otherTeams }],
      problems,
      inheritance: {
        ...(inheritFrom === undefined ? {} : { from: inheritFrom }),
        components: namesIn(spec?.components),
        componentOf: namesIn(spec?.componentOf),
      },
    };
  },
  linesFor: (service) => ['integrations:', '  pagerduty:', `    serviceURL: ${serviceDirectoryUrl(service)}`],
};

const namesIn = (names: readonly (string | undefined)[] | undefined): string[] =>
  (names ?? []).filter((each) => each !== undefined);
