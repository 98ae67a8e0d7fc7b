import { comparableName } from '../catalog/names.ts';

/** What a configured map makes of a name, regardless of case; undefined when it does not list it. */
export function mappedName(map: Record<string, string> | undefined, name: string): string | undefined {
  if (map === undefined) return undefined;
  // Two keys may differ in case only; then the one that is written just so is meant.
  if (Object.hasOwn(map, name)) return map[name];
  const wanted = comparableName(name);
  const key = Object.keys(map).find((each) => wanted !== undefined && comparableName(each) === wanted);
  return key === undefined ? undefined : map[key];
}
