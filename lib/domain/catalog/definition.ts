import type { CatalogEntry } from './entry.ts';

/** An entry and where it is written. */
export interface Definition {
  entry: CatalogEntry;
  file: string;
  /** From 1. */
  line: number;
}

/** What is wrong or strange about a file; an error keeps the catalog from being pushed, a warning does not. */
export interface Finding {
  severity: 'error' | 'warning';
  file: string;
  line?: number;
  reason: string;
}

export interface ParsedDefinitions {
  definitions: Definition[];
  findings: Finding[];
}

/** `catalog/checkout.yaml:12: metadata.name is missing` */
export function showFinding({ file, line, reason }: Finding): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${reason}`;
}
