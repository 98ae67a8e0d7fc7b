import type { CatalogService, CatalogTeam } from '../catalog/entry.ts';
import type { DecidingRule, MatchInput } from './match.ts';
import type { DecidingName, NameLayers } from './name-settings.ts';

/** The catalog entries a match may need: at least those behind `lookupKeys(input)`, in any order. */
export interface Findings {
  services: readonly CatalogService[];
  teams: readonly CatalogTeam[];
  layers: NameLayers;
}

export interface Decision {
  decided: true;
  services: string[];
  team?: string;
  reason: string;
  /** The name it rests on; absent where no name was needed. */
  by?: DecidingName;
}

export type Ruling = Decision | { decided: false; reason: string };

/** A rule never throws and never looks at another rule; undefined means it has nothing to say at all. */
export interface Rule<Name extends DecidingRule = DecidingRule> {
  name: Name;
  judge(input: MatchInput, found: Findings): Ruling | undefined;
}

export function undecided(reason: string): Ruling {
  return { decided: false, reason };
}

/** A ruling for services and a team; leaves the team out where there is none. `by` is the name it rests on. */
export function decision(
  services: string[],
  team: string | undefined,
  reason: string,
  by?: DecidingName,
): Ruling {
  return {
    decided: true,
    services,
    ...(team === undefined ? {} : { team }),
    reason,
    ...(by === undefined ? {} : { by }),
  };
}
