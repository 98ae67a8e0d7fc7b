import { invalid } from './faults.ts';
import type { Tokens } from './tokens.ts';
import type { Item, Value } from './value.ts';

/** What an expression is evaluated against. */
export interface Scope {
  item: Item;
  names: Record<string, string>;
  values: Record<string, Value>;
}

/** A document path; text segments may still be `#placeholders`. */
export type Path = (string | number)[];

/** What one expression mentions, to refuse placeholders that are defined and never used. */
export interface Mentions {
  names: Set<string>;
  values: Set<string>;
}

export const noMentions = (): Mentions => ({ names: new Set(), values: new Set() });

export function parsePath(tokens: Tokens, mentions: Mentions): Path {
  const path: Path = [];
  do {
    const token = tokens.next();
    if (token.kind === 'placeholder') mentions.names.add(token.text);
    else if (token.kind !== 'name') tokens.fail();
    path.push(token.text);
    while (tokens.take('[')) {
      const index = tokens.next();
      if (index.kind !== 'number') tokens.fail();
      path.push(Number(index.text));
      tokens.expect(']');
    }
  } while (tokens.take('.'));
  return path;
}

export function nameOf(segment: string, names: Record<string, string>): string {
  if (!segment.startsWith('#')) return segment;
  const name = names[segment];
  if (name === undefined) {
    throw invalid(
      `An expression attribute name used in the document path is not defined; attribute name: ${segment}`,
    );
  }
  return name;
}

export const resolvePath = (path: Path, names: Record<string, string>): Path =>
  path.map((segment) => (typeof segment === 'number' ? segment : nameOf(segment, names)));

function own(map: Record<string, Value> | undefined, name: string): Value | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The value at a path, undefined where there is none. */
export function valueAt(path: Path, { item, names }: Scope): Value | undefined {
  let value = own(item, nameOf(path[0] as string, names));
  for (let at = 1; at < path.length && value !== undefined; at += 1) {
    const segment = path[at] as string | number;
    value = typeof segment === 'number' ? value.L?.[segment] : own(value.M, nameOf(segment, names));
  }
  return value;
}

export function boundValue(placeholder: string, values: Record<string, Value>): Value {
  const value = values[placeholder];
  if (value === undefined) {
    throw invalid(
      `Invalid expression: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
    );
  }
  return value;
}
