import type { CatalogEntry } from './entry.ts';
import type { Inheritance } from './format.ts';

/** An entry and where it is written. */
export interface Definition {
  entry: CatalogEntry;
  file: string;
  /** From 1. */
  line: number;
  inheritance?: Inheritance;
}

/**
 * What is wrong or strange about a file. An error keeps a definition from being pushed, a warning does not, and a
 * note says what was passed over, to those who ask.
 */
export interface Finding {
  severity: 'error' | 'warning' | 'note';
  file: string;
  line?: number;
  reason: string;
}

/** What could not be read and may define something all the same. */
export interface Unread {
  /** The file, or a folder with all below it. */
  file: string;
  /** The entry's identity, if that much could be read: then it is this one and no other. */
  identity?: string;
}

export interface ParsedDefinitions {
  definitions: Definition[];
  findings: Finding[];
  unread: Unread[];
  /** Definitions whose names are filled in by a tool, and which therefore define nothing yet. */
  templates: Template[];
}

export interface Template {
  file: string;
  line: number;
  /** Undefined where the template cannot be read as YAML at all. */
  name?: string;
}

/** `catalog/checkout.yaml:12: metadata.name is missing` */
export function showFinding({ file, line, reason }: Finding): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${reason}`;
}
