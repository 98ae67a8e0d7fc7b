import * as z from 'zod';
import { parseServiceId, parseServiceUrl, type ServiceRef } from '../../pagerduty/service-url.ts';
import { type CatalogService, type CatalogTeam, defaultNamespace } from '../entry.ts';
import { mapping, name, optionalMapping, optionalName, optionalText, problemsOf } from '../fields.ts';
import type { DefinitionFormat, Document, Problem, Reading } from '../format.ts';
import { parseOwner } from '../owner.ts';

const annotation = 'pagerduty.com/service-id';
/** A component is what Datadog calls a service; the others keep their names. */
const serviceKinds = new Map([
  ['component', 'service'],
  ['api', 'api'],
  ['resource', 'resource'],
  ['system', 'system'],
]);

const serviceId = z.preprocess(
  (value) => (value === null || value === '' ? undefined : value),
  z
    .string('must be text: put it in quotes')
    .transform((text, context): ServiceRef => {
      const ref = parseServiceId(text) ?? parseServiceUrl(text);
      if (ref !== undefined) return ref;
      context.addIssue({
        code: 'custom',
        message: `"${text}" is not the id of a PagerDuty service; it looks like P1234567`,
      });
      return z.NEVER;
    })
    .optional(),
);

const serviceSchema = mapping({
  kind: name,
  metadata: mapping({
    name,
    namespace: optionalName,
    title: optionalText,
    annotations: optionalMapping({ [annotation]: serviceId }),
  }),
  spec: optionalMapping({ owner: optionalName }),
});

const groupSchema = mapping({
  metadata: mapping({ name, namespace: optionalName }),
  spec: optionalMapping({ profile: optionalMapping({ displayName: optionalName }) }),
});

/** Backstage entities. Kinds that are neither services nor teams (User, Location, …) define nothing here. */
export const backstage: DefinitionFormat<'backstage'> = {
  name: 'backstage',
  title: 'Backstage entity',
  recognizes: ({ apiVersion }) =>
    typeof apiVersion === 'string' && /(^|\.)backstage\.io\//i.test(apiVersion.trim()),
  read(document) {
    const kind = typeof document['kind'] === 'string' ? document['kind'].trim().toLowerCase() : undefined;
    if (kind === 'group') return readGroup(document);
    if (kind === undefined || serviceKinds.has(kind)) return readService(document);
    return { entries: [], problems: [] };
  },
  linesFor: ({ id }) => ['metadata:', '  annotations:', `    ${annotation}: ${id}`],
};

function readService(document: Document): Reading {
  const parsed = serviceSchema.safeParse(document);
  if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
  const { kind, metadata, spec } = parsed.data;
  const problems: Problem[] = [];
  const owner = spec?.owner === undefined ? undefined : parseOwner(spec.owner);
  if (spec?.owner !== undefined && owner?.kind !== 'group') {
    problems.push({
      severity: 'warning',
      path: ['spec', 'owner'],
      reason: `spec.owner "${spec.owner}" is not a group, so this entity has no team`,
    });
  }
  const pagerduty = metadata.annotations?.[annotation];
  const entry: CatalogService = {
    type: 'service',
    name: metadata.name,
    kind: serviceKinds.get(kind.toLowerCase()) ?? kind.toLowerCase(),
    namespace: metadata.namespace ?? defaultNamespace,
    ...(owner?.kind === 'group' ? { team: owner.name } : {}),
    ...(metadata.title ? { displayName: metadata.title } : {}),
    ...(pagerduty === undefined ? {} : { pagerduty }),
    format: 'backstage',
  };
  return { entries: [entry], problems };
}

function readGroup(document: Document): Reading {
  const parsed = groupSchema.safeParse(document);
  if (!parsed.success) return { entries: [], problems: problemsOf(parsed.error) };
  const { metadata, spec } = parsed.data;
  const displayName = spec?.profile?.displayName;
  const entry: CatalogTeam = {
    type: 'team',
    name: metadata.name,
    namespace: metadata.namespace ?? defaultNamespace,
    aliases: displayName === undefined ? [] : [displayName],
    defined: true,
    format: 'backstage',
  };
  return { entries: [entry], problems: [] };
}
