import type { Definition, Finding } from './definition.ts';
import { type CatalogEntry, entryIdentity } from './entry.ts';
import { comparableName } from './names.ts';

/** What can only be seen across files: one thing defined twice is an error, two that nearly share a name a warning. */
export function checkDefinitions(definitions: readonly Definition[]): Finding[] {
  const findings: Finding[] = [];
  const first = new Map<string, Definition>();
  const alike = new Map<string, Definition>();
  for (const definition of definitions) {
    const { entry, file, line } = definition;
    const identity = entryIdentity(entry);
    const same = first.get(identity);
    if (same !== undefined) {
      const reason = `${describe(entry)} is defined twice; the other definition is in ${place(same)}`;
      findings.push({ severity: 'error', file, line, reason });
      continue;
    }
    first.set(identity, definition);

    const nearly = `${entry.type === 'team' ? 'team' : entry.kind}:${entry.namespace}/${comparableName(entry.name)}`;
    const similar = alike.get(nearly);
    if (similar === undefined) alike.set(nearly, definition);
    else {
      const reason = `${describe(entry)} and "${similar.entry.name}" in ${place(similar)} are the same name to the rules, which ignore case and spacing`;
      findings.push({ severity: 'warning', file, line, reason });
    }
  }
  return findings;
}

function describe(entry: CatalogEntry): string {
  const kind = entry.type === 'team' ? 'team' : entry.kind;
  return `${kind} "${entry.name}"${entry.namespace === 'default' ? '' : ` (namespace ${entry.namespace})`}`;
}

const place = ({ file, line }: Definition): string => `${file}:${line}`;
