import type { Definition, Finding } from './definition.ts';
import { type CatalogService, kindOf } from './entry.ts';
import { sameName } from './names.ts';

/** What Datadog calls components of a system. */
const componentKinds = new Set(['service', 'datastore', 'queue', 'ui']);

/**
 * Gives entities the owner they inherit: from the one `inheritFrom` names, or, where nothing in the file says
 * `inheritFrom` and it defines one system only, from the system they belong to. Of all metadata only owners matter
 * here; integrations are never inherited, nor is anything an entity says itself.
 * https://docs.datadoghq.com/internal_developer_portal/catalog/entity_model/
 */
export function inherit(
  definitions: readonly Definition[],
  exported: boolean,
): { definitions: Definition[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const explicit = definitions.some(({ inheritance }) => inheritance?.from !== undefined);
  const system = explicit || exported ? undefined : onlySystem(definitions);
  const parentOf = (definition: Definition): Definition | undefined => {
    const { entry, file, line, inheritance } = definition;
    if (inheritance?.from === undefined) {
      return system !== undefined && belongsTo(definition, system, definitions) ? system : undefined;
    }
    const { from } = inheritance;
    const parent =
      definitions.find((other) => other !== definition && isNamed(other, from)) ??
      (isNamed(definition, from) ? definition : undefined);
    if (parent === undefined) {
      const reason = `metadata.inheritFrom names "${from}", which is not defined in this file, so ${kindOf(entry)} "${entry.name}" inherits nothing`;
      findings.push({ severity: 'warning', file, line, reason });
    }
    return parent;
  };
  const parents = new Map(definitions.map((definition) => [definition, parentOf(definition)]));
  findings.push(...circles(definitions, parents));
  return { definitions: definitions.map((definition) => withOwner(definition, parents)), findings };
}

/** Each circle once, at the first definition of the file that is part of it. */
function circles(
  definitions: readonly Definition[],
  parents: ReadonlyMap<Definition, Definition | undefined>,
): Finding[] {
  const known = new Set<Definition>();
  return definitions.flatMap((definition): Finding[] => {
    const way: Definition[] = [];
    let at: Definition | undefined = definition;
    while (at !== undefined && !known.has(at) && !way.includes(at)) {
      way.push(at);
      at = parents.get(at);
    }
    for (const each of way) known.add(each);
    if (at === undefined || !way.includes(at)) return [];
    const names = [...way.slice(way.indexOf(at)), at].map(({ entry }) => entry.name).join(' → ');
    const { file, line } = at;
    const reason = `metadata.inheritFrom leads in a circle (${names}), so nothing is inherited there`;
    return [{ severity: 'warning', file, line, reason }];
  });
}

function onlySystem(definitions: readonly Definition[]): Definition | undefined {
  const systems = definitions.filter(
    ({ entry, inheritance }) => inheritance !== undefined && isSystem(entry),
  );
  return systems.length === 1 ? systems[0] : undefined;
}

const isSystem = (entry: Definition['entry']): boolean => entry.type === 'service' && entry.kind === 'system';

/** Where neither the system nor its components say who belongs to it, the file does. */
function belongsTo(definition: Definition, system: Definition, all: readonly Definition[]): boolean {
  const { entry, inheritance } = definition;
  if (definition === system || inheritance === undefined || !componentKinds.has(kindOf(entry))) return false;
  const listed = system.inheritance?.components ?? [];
  if (listed.length === 0 && all.every((other) => (other.inheritance?.componentOf.length ?? 0) === 0))
    return true;
  return (
    listed.some((name) => isNamed(definition, name)) ||
    inheritance.componentOf.some((name) => isNamed(system, name))
  );
}

/** `kind:name`, `kind:namespace/name`, or the name alone. */
function isNamed({ entry }: Definition, reference: string): boolean {
  const parts = /^(?:([^:/]+):)?(?:[^:/]+\/)?(.+)$/.exec(reference.trim());
  const kind = parts?.[1]?.trim().toLowerCase();
  return sameName(parts?.[2], entry.name) && (kind === undefined || kind === kindOf(entry));
}

function withOwner(definition: Definition, parents: Map<Definition, Definition | undefined>): Definition {
  const { entry } = definition;
  if (entry.type !== 'service') return definition;
  const seen = new Set([definition]);
  let owners = ownersOf(entry);
  for (
    let parent = parents.get(definition);
    parent !== undefined && !seen.has(parent);
    parent = parents.get(parent)
  ) {
    seen.add(parent);
    if (parent.entry.type === 'service') owners = { ...ownersOf(parent.entry), ...owners };
  }
  return { ...definition, entry: { ...entry, ...owners } };
}

type Owners = Pick<CatalogService, 'team' | 'teamNamespace' | 'otherTeams' | 'teamHandle'>;

function ownersOf({ team, teamNamespace, otherTeams, teamHandle }: CatalogService): Owners {
  return {
    ...(team === undefined ? {} : { team }),
    ...(teamNamespace === undefined ? {} : { teamNamespace }),
    ...(otherTeams === undefined ? {} : { otherTeams }),
    ...(teamHandle === undefined ? {} : { teamHandle }),
  };
}
