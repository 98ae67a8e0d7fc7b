import type { Fault } from './fault.ts';

/** What a list may be asked by: field to values, custom tags under their own names. */
export type Searchable = Readonly<Record<string, readonly string[]>>;
export type Matches = (facts: Searchable) => boolean;

/** `service:(a OR b)`, `-env:"x y"`, `team:pay*`, `@tag:x`, each perhaps with NOT or a minus in front; AND, OR, `*`. */
const token =
  /\s*(?:(-)?@?([\w.-]+):(?:\(([^()]*)\)|("[^"]*"|[^\s()"]+))|(\*)(?=\s|$)|(AND|OR|NOT)(?=\s|$))/y;
const value = /\s*("[^"]*"|[^\s"()]+)/y;

/**
 * Reads a search: the part of Datadog's event search that lists of deployments and incidents are asked by. What it
 * does not understand is a fault, since a filter that is passed over in silence shows too much.
 */
export function parseQuery(query: string): { matches: Matches } | { fault: Omit<Fault, 'pointer'> } {
  const terms: Matches[] = [];
  let negated = false;
  token.lastIndex = 0;
  for (let rest = query.trim(), at = 0; at < rest.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(rest);
    if (!found) return fault(`cannot be read from here: ${rest.slice(at, at + 40).trim()}`);
    const [, minus, key = '', list, single, everything, word] = found;
    if (word === 'OR') return fault('has OR outside of parentheses; write key:(a OR b)');
    if (word === 'NOT') negated = true;
    if (word || everything) continue;
    const values = list === undefined ? [single ?? ''] : valuesOf(list);
    if (values === undefined) return fault(`must have values with OR between them in ${key}:(…)`);
    terms.push(term(key.toLowerCase(), values, negated || minus !== undefined));
    negated = false;
  }
  return { matches: (facts) => terms.every((fits) => fits(facts)) };
}

const fault = (detail: string) => ({
  fault: {
    detail: `query ${detail}. Understood are key:value, key:(a OR b), -key:value, "…" around blanks, * for any text, and several of these, all of which must fit`,
  },
});

function valuesOf(list: string): string[] | undefined {
  const found: string[] = [];
  let wantsValue = true;
  for (let at = 0; at < list.trimEnd().length; at = value.lastIndex) {
    value.lastIndex = at;
    const word = value.exec(list)?.[1];
    if (word === undefined || (word === 'OR') === wantsValue) return undefined;
    if (wantsValue) found.push(word);
    wantsValue = !wantsValue;
  }
  return wantsValue ? undefined : found;
}

function term(key: string, values: readonly string[], negated: boolean): Matches {
  const fits = values.map(pattern);
  const name = aliases[key] ?? key;
  return (facts) => {
    const have = Object.hasOwn(facts, name) ? (facts[name] ?? []) : [];
    return have.some((each) => fits.some((fit) => fit(each.toLowerCase()))) !== negated;
  };
}

const aliases: Record<string, string> = Object.assign(Object.create(null), {
  services: 'service',
  teams: 'team',
  repository: 'repository_id',
  type: 'deployment_type',
});

/** Matched from star to star: an expression made of many stars would take for ever. */
function pattern(text: string): (value: string) => boolean {
  const plain = text.replace(/^"|"$/g, '').toLowerCase();
  const [first = '', ...others] = plain.split('*');
  const last = others.pop();
  if (last === undefined) return (given) => given === plain;
  return (given) => {
    if (!given.startsWith(first) || !given.endsWith(last) || given.length < first.length + last.length)
      return false;
    let at = first.length;
    for (const part of others) {
      const found = given.indexOf(part, at);
      if (found < 0 || found + part.length > given.length - last.length) return false;
      at = found + part.length;
    }
    return true;
  };
}
