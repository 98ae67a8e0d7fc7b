import type { CatalogTeam } from '../catalog/entry.ts';
import { comparableName, distinctNames } from '../catalog/names.ts';

export type KnownTeam =
  | { kind: 'one'; team: string }
  | { kind: 'several'; teams: string[] }
  | { kind: 'none' };

/**
 * The catalog team a name means. A team's own name goes before another team's alias; a team with a definition
 * is spelled as defined. An alias shared by several teams means none of them.
 */
export function knownTeam(teams: readonly CatalogTeam[], name: string | undefined): KnownTeam {
  const wanted = comparableName(name);
  if (wanted === undefined) return { kind: 'none' };
  const own = teams.filter((team) => comparableName(team.name) === wanted);
  const defined = own.filter((team) => team.defined);
  const aliased = teams.filter((team) => team.aliases.some((alias) => comparableName(alias) === wanted));
  const candidates = [defined, own, aliased].find((group) => group.length > 0) ?? [];
  const [team, ...others] = distinctNames(candidates.map((candidate) => candidate.name));
  if (team === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'one', team } : { kind: 'several', teams: [team, ...others] };
}
