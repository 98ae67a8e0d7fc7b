/** Longer names are never compared: PagerDuty and the catalogs allow 255 characters, a database key has a limit. */
export const longestName = 300;
/** All of it stays what it is in the form below. */
const plain = /^[a-z0-9._/#-]+$/;

/**
 * The form in which names are compared: Unicode-normalized, case folded, outer space trimmed and inner space
 * collapsed. Nothing fuzzier decides, `checkout-api` and `checkout api` are different names. Undefined for a
 * name that can never match: missing, blank or too long.
 */
export function comparableName(name: string | undefined): string | undefined {
  if (name === undefined || name.length > longestName) return undefined;
  // As most names are; a report compares millions.
  if (plain.test(name)) return name;
  // Lower, upper, lower folds what lower case alone leaves apart, such as ẞ, ß and SS; NFKC again because changing
  // case can take a text out of normal form.
  const folded = name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
  const spaced = folded.trim().replace(/\s+/g, ' ');
  return spaced === '' || spaced.length > longestName ? undefined : spaced;
}

export function sameName(one: string | undefined, other: string | undefined): boolean {
  const comparable = comparableName(one);
  return comparable !== undefined && comparable === comparableName(other);
}

/**
 * One spelling for each name, in an order that does not depend on the input's: of several spellings of a name
 * the first in code unit order stands for all.
 */
export function distinctNames(names: Iterable<string>): string[] {
  const spellings = new Map<string, string>();
  for (const name of [...names].sort()) {
    const comparable = comparableName(name);
    if (comparable !== undefined && !spellings.has(comparable)) spellings.set(comparable, name);
  }
  return [...spellings.values()];
}
