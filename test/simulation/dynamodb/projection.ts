import { type Mentions, noMentions, type Path, parsePath, resolvePath, valueAt } from './path.ts';
import { tokenize } from './tokens.ts';
import type { Item, Value } from './value.ts';

export interface ParsedProjection {
  paths: Path[];
  mentions: Mentions;
}

const cache = new Map<string, ParsedProjection>();

export function parseProjection(expression: string): ParsedProjection {
  let parsed = cache.get(expression);
  if (!parsed) {
    const tokens = tokenize(expression);
    const mentions = noMentions();
    const paths = [parsePath(tokens, mentions)];
    while (tokens.take(',')) paths.push(parsePath(tokens, mentions));
    if (tokens.peek().kind !== 'end') tokens.fail();
    parsed = { paths, mentions };
    cache.set(expression, parsed);
  }
  return parsed;
}

/** Keeps the projected places only; list elements close ranks as they do in DynamoDB. */
export function project(item: Item, projection: ParsedProjection, names: Record<string, string>): Item {
  const result: Value = { M: {} };
  for (const path of projection.paths) {
    const value = valueAt(path, { item, names, values: {} });
    if (value !== undefined) place(result, resolvePath(path, names), value);
  }
  return result.M as Item;
}

function place(target: Value, path: Path, value: Value): void {
  const [segment, ...rest] = path;
  const leaf = rest.length === 0;
  const container: Value = typeof rest[0] === 'number' ? { L: [] } : { M: {} };
  if (typeof segment === 'number') {
    const inner = leaf ? value : container;
    target.L?.push(inner);
    if (!leaf) place(inner, rest, value);
    return;
  }
  const map = target.M as Record<string, Value>;
  const name = segment as string;
  if (leaf) map[name] = value;
  else {
    map[name] ??= container;
    place(map[name], rest, value);
  }
}
