import type { CatalogTeam } from '../catalog/entry.ts';
import { distinctNames } from '../catalog/names.ts';
import { type Found, lookUpName } from './look-up-name.ts';
import { looseness, type NameLayers } from './name-settings.ts';

export type KnownTeam =
  | { kind: 'one'; team: string; found: Found<CatalogTeam> }
  | { kind: 'several'; teams: string[] }
  | { kind: 'none' };

const namesOf = {
  name: (team: CatalogTeam) => team.name,
  others: (team: CatalogTeam) => team.aliases,
};

/**
 * The catalog team a name means. A team's own name goes before another team's alias; a team with a definition
 * is spelled as defined. What several teams share, an alias or a looser spelling, means none of them.
 */
export function knownTeam(
  teams: readonly CatalogTeam[],
  name: string | undefined,
  layers: NameLayers,
): KnownTeam {
  const found = lookUpName(name, teams, namesOf, layers.teams, layers.looseness);
  if (found === undefined) return { kind: 'none' };
  const defined = found.layer === 'written' ? found.entries.filter((team) => team.defined) : [];
  const candidates = defined.length > 0 ? defined : found.entries;
  const [team, ...others] = distinctNames(candidates.map((candidate) => candidate.name));
  if (team === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'one', team, found } : { kind: 'several', teams: [team, ...others] };
}

export interface MeantTeam {
  /** As PagerDuty writes it. */
  name: string;
  team: string;
  found: Found<CatalogTeam>;
}

/** Of several names, the one that is nearest to a catalog team's; of equally near ones the first. */
export function nearestTeam(
  names: readonly string[],
  teams: readonly CatalogTeam[],
  layers: NameLayers,
): MeantTeam | undefined {
  const meant = names.flatMap((name): MeantTeam[] => {
    const known = knownTeam(teams, name, layers);
    return known.kind === 'one' ? [{ name, team: known.team, found: known.found }] : [];
  });
  const distance = ({ found: { layer } }: MeantTeam) => looseness({ layer, of: 'team' });
  const least = Math.min(...meant.map(distance));
  return meant.find((each) => distance(each) === least);
}
