import type { ServiceRef } from '../pagerduty/service-url.ts';
import type { CatalogEntry, SourceFormat } from './entry.ts';

/** One document of a definition file, before anybody has looked into it. */
export type Document = Record<string, unknown>;

/** Something to tell the author, and where in the document it is. */
export interface Problem {
  severity: 'error' | 'warning';
  path: PropertyKey[];
  reason: string;
}

/** No entries and no errors: the document is fine and defines nothing the bridge needs. */
export interface Reading {
  entries: CatalogEntry[];
  problems: Problem[];
}

/** One way of writing definitions down. The code that reads files knows none of them by name. */
export interface DefinitionFormat<Name extends SourceFormat = SourceFormat> {
  name: Name;
  /** How people call it. */
  title: string;
  /** Whether the document means to be of this format; it may still be wrong. */
  recognizes(document: Document): boolean;
  read(document: Document): Reading;
  /** The YAML that ties a definition of this format to a PagerDuty service, without any of its other lines. */
  linesFor(service: ServiceRef): string[];
}
