import * as z from 'zod';
import { type CatalogService, type CatalogTeam, defaultNamespace } from '../entry.ts';
import { mapping, name, optionalMapping, optionalName, optionalText, problemsOf } from '../fields.ts';
import type { DefinitionFormat, Document, Problem, Reading, ReadText } from '../format.ts';
import { ownerText, parseOwner, resolvedOwner } from '../owner.ts';
import { annotatedService } from '../pagerduty-annotations.ts';
import { backstageRepositories } from '../repositories.ts';

const datadogName = 'datadoghq.com/service-name';
/** A component is what Datadog calls a service; the others keep their names. */
const serviceKinds = new Map([
  ['component', 'service'],
  ['api', 'api'],
  ['resource', 'resource'],
  ['system', 'system'],
]);

/** A name, or the place of a file that holds it. */
const owner = z.union([optionalName, z.looseObject({ $text: z.string() })], {
  error: 'must be text',
});

const serviceSchema = mapping({
  kind: name,
  metadata: mapping({
    name,
    namespace: optionalName,
    title: optionalText,
    annotations: optionalMapping({ [datadogName]: optionalName }),
  }),
  spec: optionalMapping({ owner }),
});

const groupSchema = mapping({
  metadata: mapping({ name, namespace: optionalName }),
  spec: optionalMapping({ profile: optionalMapping({ displayName: optionalName }) }),
});

/** Backstage entities. Kinds that are neither services nor teams (User, Location, …) define nothing here. */
export const backstage: DefinitionFormat<'backstage'> = {
  name: 'backstage',
  title: 'Backstage entity',
  marks: [/apiVersion["']?\s*:\s*["']?(?:[\w-]+\.)*backstage\.io\//i],
  recognizes: ({ apiVersion }) =>
    typeof apiVersion === 'string' && /(^|\.)backstage\.io\//i.test(apiVersion.trim()),
  read(document, readText) {
    const kind = typeof document['kind'] === 'string' ? document['kind'].trim().toLowerCase() : undefined;
    if (kind === 'group') return readGroup(document);
    if (kind === undefined || serviceKinds.has(kind)) return readService(document, readText);
    return { entries: [], problems: [] };
  },
  linesFor: ({ id }) => ['metadata:', '  annotations:', `    pagerduty.com/service-id: ${id}`],
};

function readService(document: Document, readText: ReadText | undefined): Reading {
  const parsed = serviceSchema.safeParse(document);
  if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
  const { kind, metadata, spec } = parsed.data;
  const namespace = metadata.namespace?.toLowerCase() ?? defaultNamespace;
  const team = readTeam(document, spec?.owner, namespace, readText);
  const { ref, problems } = annotatedService(metadata.annotations);
  const inDatadog = metadata.annotations?.[datadogName];
  const repositories = backstageRepositories(metadata.annotations, spec?.['type']);
  const entry: CatalogService = {
    type: 'service',
    name: metadata.name,
    kind: serviceKinds.get(kind.toLowerCase()) ?? kind.toLowerCase(),
    namespace,
    ...team.of,
    ...(metadata.title ? { displayName: metadata.title } : {}),
    ...(inDatadog === undefined || inDatadog === metadata.name
      ? {}
      : { aliases: [inDatadog], datadogName: inDatadog }),
    ...(ref === undefined ? {} : { pagerduty: ref }),
    ...(repositories.length === 0 ? {} : { repositories }),
    format: 'backstage',
  };
  return { entries: [entry], problems: [...team.problems, ...problems] };
}

/** An owner without a namespace is in the entity's own. */
function readTeam(
  document: Document,
  written: unknown,
  namespace: string,
  readText: ReadText | undefined,
): { of: Pick<CatalogService, 'team' | 'teamNamespace'>; problems: Problem[] } {
  const resolved = resolvedOwner(document['relations']);
  const { text, problem } = resolved === undefined ? ownerText(written, readText) : { text: resolved };
  if (text === undefined) return { of: {}, problems: problem === undefined ? [] : [problem] };
  const ref = parseOwner(text);
  if (ref?.kind !== 'group') {
    const reason = `spec.owner "${text}" is not a group, so this entity has no team`;
    return { of: {}, problems: [{ severity: 'warning', path: ['spec', 'owner'], reason }] };
  }
  const teamNamespace = ref.namespace ?? namespace;
  return {
    of: { team: ref.name, ...(teamNamespace === defaultNamespace ? {} : { teamNamespace }) },
    problems: [],
  };
}

function readGroup(document: Document): Reading {
  const parsed = groupSchema.safeParse(document);
  if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
  const { metadata, spec } = parsed.data;
  const displayName = spec?.profile?.displayName;
  const entry: CatalogTeam = {
    type: 'team',
    name: metadata.name,
    namespace: metadata.namespace?.toLowerCase() ?? defaultNamespace,
    aliases: displayName === undefined ? [] : [displayName],
    defined: true,
    format: 'backstage',
  };
  return { entries: [entry], problems: [] };
}
