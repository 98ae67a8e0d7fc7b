/**
 * The resource attributes that are read, of everything an export carries.
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/
 */
const names = [
  'service.name',
  'service.namespace',
  'service.version',
  'deployment.environment.name',
  // As it was called before 2024; many SDKs and collectors still send it.
  'deployment.environment',
  'vcs.repository.url.full',
  'vcs.ref.head.revision',
] as const;

export type AttributeName = (typeof names)[number];

/** Those of one resource, as text. */
export type Attributes = ReadonlyMap<AttributeName, string>;

const known: ReadonlySet<string> = new Set(names);

export const isRead = (name: string): name is AttributeName => known.has(name);
