import { foldedName } from '../catalog/folded-name.ts';
import { comparableName } from '../catalog/names.ts';
import { type Looseness, looseNames } from './loose-names.ts';
import type { Layer } from './name-settings.ts';

/** Entries that a name may mean: all that the first layer to find any has found. */
export interface Found<Entry> {
  layer: Layer;
  entries: Entry[];
  /** Of the loose layer: the words of the name that are not in the catalog's. */
  leftOut?: string[];
}

export interface NamesOf<Entry> {
  name(entry: Entry): string;
  /** Titles and aliases. */
  others(entry: Entry): readonly string[];
}

type Search<Entry> = (name: string) => { entries: Entry[]; leftOut?: string[] };

/**
 * Layer by layer, the strictest first, until one finds something. That may be several entries, which the layer
 * then cannot decide between; no looser layer is asked, it would only find more.
 */
export function lookUpName<Entry>(
  name: string | undefined,
  entries: readonly Entry[],
  names: NamesOf<Entry>,
  tried: readonly Layer[],
  looseness: Looseness = [],
): Found<Entry> | undefined {
  if (name === undefined) return undefined;
  const every = (entry: Entry) => [names.name(entry), ...names.others(entry)];
  const search: Record<Layer, Search<Entry>> = {
    written: (wanted) => ({ entries: entries.filter((entry) => equal(wanted, [names.name(entry)])) }),
    title: (wanted) => ({ entries: entries.filter((entry) => equal(wanted, names.others(entry))) }),
    folded: (wanted) => ({ entries: entries.filter((entry) => folds(foldedName(wanted), every(entry))) }),
    loose: (wanted) => {
      const variants = looseNames(wanted, looseness).flatMap((variant) => {
        const found = entries.filter((entry) => folds(variant.folded, every(entry)));
        return found.length === 0 ? [] : [{ found, leftOut: variant.leftOut }];
      });
      const [first] = variants;
      const all = [...new Set(variants.flatMap(({ found }) => found))];
      return { entries: all, ...(first === undefined ? {} : { leftOut: first.leftOut }) };
    },
  };
  for (const layer of tried) {
    const found = search[layer](name);
    if (found.entries.length > 0) return { layer, ...found };
  }
  return undefined;
}

function equal(wanted: string, names: readonly string[]): boolean {
  const comparable = comparableName(wanted);
  return comparable !== undefined && names.some((name) => comparableName(name) === comparable);
}

function folds(folded: string | undefined, names: readonly string[]): boolean {
  return folded !== undefined && names.some((name) => foldedName(name) === folded);
}
