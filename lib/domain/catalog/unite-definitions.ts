import type { Definition, Finding } from './definition.ts';
import { type CatalogEntry, type CatalogTeam, describeEntry } from './entry.ts';
import { mergeEntries, type SameTeam } from './merge.ts';
import { comparableName, sameName } from './names.ts';
import { groupByEntry } from './same-service.ts';

/** An entry that several definitions make up together, and where they are: `catalog-info.yaml:3`. */
export interface MergedEntry {
  entry: CatalogEntry;
  places: string[];
}

export interface United {
  entries: CatalogEntry[];
  merged: MergedEntry[];
  /** Of definitions that contradict each other; errors when strict, else warnings. */
  findings: Finding[];
}

/**
 * One entry for everything that is defined, however often. Definitions count in the order given: of two that
 * contradict each other the later one holds.
 */
export function uniteDefinitions(definitions: readonly Definition[], strict = false): United {
  const sameTeam = teamsByAnyName(definitions);
  const united: United = { entries: [], merged: [], findings: [] };
  for (const group of groupByEntry(definitions, ({ entry }) => entry)) {
    const { entry, contradictions } = mergeEntries(
      group.map((definition) => definition.entry),
      sameTeam,
    );
    united.entries.push(entry);
    const places = group.map(place);
    if (group.some((definition) => !saysAll(definition.entry, entry))) united.merged.push({ entry, places });
    for (const { attribute, says, holds, overruled, holding } of contradictions) {
      const definition = group[holding];
      if (definition === undefined) continue;
      const which = strict ? '' : '; this one holds, for it comes later';
      united.findings.push({
        severity: strict ? 'error' : 'warning',
        file: definition.file,
        line: definition.line,
        reason: `${describeEntry(entry)} has ${attribute} ${holds} here and ${says} in ${places[overruled]}${which}`,
      });
    }
  }
  return united;
}

const place = ({ file, line }: Definition): string => `${file}:${line}`;

/** Whether one definition alone says what all of them together do, as far as incidents are concerned. */
function saysAll(one: CatalogEntry, all: CatalogEntry): boolean {
  const told = ({ origins: _, format: __, ...rest }: CatalogEntry) =>
    JSON.stringify(Object.entries(rest).sort());
  return told(one) === told(all);
}

/** A group may be named by its display name elsewhere; that is not another team. */
function teamsByAnyName(definitions: readonly Definition[]): SameTeam {
  const names = new Map<string, Set<CatalogTeam>>();
  for (const { entry } of definitions) {
    if (entry.type !== 'team') continue;
    for (const name of [entry.name, ...entry.aliases]) {
      const key = comparableName(name);
      if (key !== undefined) names.set(key, (names.get(key) ?? new Set()).add(entry));
    }
  }
  const teams = (name: string) => names.get(comparableName(name) ?? '') ?? new Set<CatalogTeam>();
  return (one, other) => {
    if (sameName(one, other)) return true;
    const [ones, others] = [[...teams(one)], [...teams(other)]];
    return ones.length === 1 && others.length === 1 && ones[0] === others[0];
  };
}
