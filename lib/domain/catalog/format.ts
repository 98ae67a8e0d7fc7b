import type { ServiceRef } from '../pagerduty/service-url.ts';
import type { CatalogEntry, SourceFormat } from './entry.ts';

/** One document of a definition file, before anybody has looked into it. */
export type Document = Record<string, unknown>;

/** Something to tell the author, and where in the document it is. */
export interface Problem {
  /** A note is only told to those who ask what was passed over. */
  severity: 'error' | 'warning' | 'note';
  path: PropertyKey[];
  reason: string;
}

/** What an entity says about those it belongs together with; entities are named as `kind:name`. */
export interface Inheritance {
  /** Whose metadata it takes over. */
  from?: string;
  /** What a system consists of … */
  components: string[];
  /** … and which systems a component belongs to. */
  componentOf: string[];
}

/** No entries and no errors: the document is fine and defines nothing the bridge needs. */
export interface Reading {
  entries: CatalogEntry[];
  problems: Problem[];
  inheritance?: Inheritance;
}

/** What a reader may ask for beside the document: a text file named relative to it, undefined if it cannot be had. */
export type ReadText = (reference: string) => string | undefined;

/** One way of writing definitions down. The code that reads files knows none of them by name. */
export interface DefinitionFormat<Name extends SourceFormat = SourceFormat> {
  name: Name;
  /** How people call it. */
  title: string;
  /** A text that has all of these may hold a definition of this format; what has none is not even parsed. */
  marks: readonly RegExp[];
  /** Whether the document means to be of this format; it may still be wrong. */
  recognizes(document: Document): boolean;
  read(document: Document, readText?: ReadText): Reading;
  /** The YAML that ties a definition of this format to a PagerDuty service, without any of its other lines. */
  linesFor(service: ServiceRef): string[];
}
