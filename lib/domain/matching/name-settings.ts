import type { Looseness } from './loose-names.ts';
import { loosenessOf } from './loose-names.ts';
import { usualLooseWords } from './loose-words.ts';

/** What the configuration says about how alike names must be. */
export interface NameSettings {
  /** `folded` where absent. */
  names?: 'exact' | 'folded' | 'loose';
  /** What `loose` leaves out of PagerDuty's names, instead of the usual words. */
  loose_words?: readonly string[];
}

/** Ways for a name to be found, the strictest first; each is tried only when the one before found nothing. */
export const layers = ['written', 'title', 'folded', 'loose'] as const;
export type Layer = (typeof layers)[number];

/** How names are looked up in one match. */
export interface NameLayers {
  services: readonly Layer[];
  teams: readonly Layer[];
  looseness?: Looseness;
  /** Sources of the catalog whose entries can only be found as written: an older version pushed them. */
  asWrittenOnly: readonly string[];
}

/** The name that decided: how it was found, and of what. */
export interface DecidingName {
  layer: Layer;
  of: 'service' | 'team';
}

/** From 0: how far a name is from what the catalog says. A team is known by its aliases as by its name. */
export function looseness({ layer, of }: DecidingName): number {
  return of === 'team' && layer === 'title' ? 0 : layers.indexOf(layer);
}

/**
 * `asWrittenOnly` are sources whose other spellings are not in the database. While there is one, looser layers
 * would not see all candidates, so they are not tried at all.
 */
export function nameLayers(settings: NameSettings, asWrittenOnly: readonly string[] = []): NameLayers {
  const { names = 'folded', loose_words: words = usualLooseWords } = settings;
  // Aliases of teams have always been there.
  if (asWrittenOnly.length > 0) return { services: ['written'], teams: ['written', 'title'], asWrittenOnly };
  const tried = layers.slice(0, { exact: 2, folded: 3, loose: 4 }[names]);
  const looseness = names === 'loose' ? { looseness: loosenessOf(words) } : {};
  return { services: tried, teams: tried, asWrittenOnly, ...looseness };
}

/** What of the settings a match depends on, as one text. */
export function namesBasis({ names = 'folded', loose_words }: NameSettings): string {
  return names === 'loose' ? JSON.stringify([names, ...(loose_words ?? usualLooseWords)]) : names;
}
