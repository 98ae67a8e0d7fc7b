import { parseOperand } from './condition.ts';
import { invalid } from './faults.ts';
import { addNumbers } from './number.ts';
import { type Mentions, noMentions, type Path, parsePath, resolvePath, type Scope, valueAt } from './path.ts';
import { type Tokens, tokenize } from './tokens.ts';
import { equalValues, type Item, typeOf, type Value } from './value.ts';

type Computed = (scope: Scope) => Value;

interface Action {
  kind: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  path: Path;
  value?: Computed;
}

export interface ParsedUpdate {
  actions: Action[];
  mentions: Mentions;
}

const cache = new Map<string, ParsedUpdate>();
const kinds = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

/** Update expressions, parsed once per text. */
export function parseUpdate(expression: string): ParsedUpdate {
  let parsed = cache.get(expression);
  if (!parsed) {
    const tokens = tokenize(expression);
    const mentions = noMentions();
    const actions: Action[] = [];
    while (tokens.peek().kind !== 'end') {
      const kind = kinds.find((keyword) => tokens.take(keyword)) ?? tokens.fail();
      do {
        const path = parsePath(tokens, mentions);
        if (kind === 'REMOVE') {
          actions.push({ kind, path });
          continue;
        }
        if (kind === 'SET') tokens.expect('=');
        actions.push({ kind, path, value: parseValue(tokens, mentions) });
      } while (tokens.take(','));
    }
    if (actions.length === 0) tokens.fail();
    parsed = { actions, mentions };
    cache.set(expression, parsed);
  }
  return parsed;
}

/** operand, `a + b`, `a - b`, where an operand may be `if_not_exists(path, x)` or `list_append(x, y)`. */
function parseValue(tokens: Tokens, mentions: Mentions): Computed {
  const left = parseTerm(tokens, mentions);
  const sign = tokens.take('+') ? 1 : tokens.take('-') ? -1 : undefined;
  if (sign === undefined) return left;
  const right = parseTerm(tokens, mentions);
  return (scope) => {
    const [a, b] = [left(scope).N, right(scope).N];
    if (a === undefined || b === undefined) throw wrongType();
    return { N: addNumbers(a, b, sign) };
  };
}

function parseTerm(tokens: Tokens, mentions: Mentions): Computed {
  if (tokens.take('IF_NOT_EXISTS')) {
    tokens.expect('(');
    const path = parsePath(tokens, mentions);
    tokens.expect(',');
    const fallback = parseTerm(tokens, mentions);
    tokens.expect(')');
    return (scope) => valueAt(path, scope) ?? fallback(scope);
  }
  if (tokens.take('LIST_APPEND')) {
    tokens.expect('(');
    const head = parseTerm(tokens, mentions);
    tokens.expect(',');
    const tail = parseTerm(tokens, mentions);
    tokens.expect(')');
    return (scope) => {
      const [a, b] = [head(scope).L, tail(scope).L];
      if (!a || !b) throw wrongType();
      return { L: [...a, ...b] };
    };
  }
  const operand = parseOperand(tokens, mentions);
  return (scope) => {
    const value = operand(scope);
    if (!value)
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    return value;
  };
}

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');

/** Computes every new value against the old item, then applies them to a copy. The old item is not touched. */
export function applyUpdate(update: ParsedUpdate, scope: Scope, keyAttributes: string[]): Item {
  const steps = update.actions.map((action) => ({
    kind: action.kind,
    path: resolvePath(action.path, scope.names),
    value: action.value?.(scope),
  }));
  refuseOverlaps(
    steps.map(({ path }) => path),
    keyAttributes,
  );
  const item = { ...scope.item };
  for (const { kind, path, value } of steps) {
    if (kind === 'SET') write(item, path, () => value);
    else if (kind === 'REMOVE') write(item, path, () => undefined);
    else if (kind === 'ADD') write(item, path, (old) => added(old, value as Value));
    else write(item, path, (old) => removed(old, value as Value));
  }
  return item;
}

function refuseOverlaps(paths: Path[], keyAttributes: string[]): void {
  const byFirst = new Map<string, Path[]>();
  for (const path of paths) {
    const first = String(path[0]);
    if (keyAttributes.includes(first)) {
      throw invalid(
        `One or more parameter values were invalid: Cannot update attribute ${first}. This attribute is part of the key`,
      );
    }
    const others = byFirst.get(first) ?? [];
    for (const other of others) {
      const shared = Math.min(path.length, other.length);
      if (path.slice(0, shared).every((segment, index) => segment === other[index])) {
        throw invalid('Invalid UpdateExpression: Two document paths overlap with each other');
      }
    }
    byFirst.set(first, [...others, path]);
  }
}

/** Changes one place, copying the maps and lists on the way. */
function write(item: Item, path: Path, change: (old: Value | undefined) => Value | undefined): void {
  let map: Record<string, Value> | undefined = item;
  let list: Value[] | undefined;
  for (const segment of path.slice(0, -1)) {
    const inner: Value | undefined = typeof segment === 'number' ? list?.[segment] : map?.[segment];
    if (!inner?.M && !inner?.L) throw badPath();
    const copy: Value = inner.M ? { M: { ...inner.M } } : { L: [...(inner.L ?? [])] };
    if (typeof segment === 'number') (list as Value[])[segment] = copy;
    else (map as Record<string, Value>)[segment] = copy;
    map = copy.M;
    list = copy.L;
  }
  const last = path.at(-1) as string | number;
  if (typeof last === 'number') {
    if (!list) throw badPath();
    const value = change(list[last]);
    if (value === undefined) list.splice(last, 1);
    else if (last >= list.length) list.push(value);
    else list[last] = value;
    return;
  }
  if (!map) throw badPath();
  const value = change(Object.hasOwn(map, last) ? map[last] : undefined);
  if (value === undefined) delete map[last];
  else map[last] = value;
}

const badPath = () => invalid('The document path provided in the update expression is invalid for update');

function setMembers(value: Value): { type: 'SS' | 'NS'; members: string[] } {
  const type = typeOf(value);
  if (type !== 'SS' && type !== 'NS') throw wrongType();
  return { type, members: value[type] ?? [] };
}

function added(old: Value | undefined, value: Value): Value {
  if (old && typeOf(old) !== typeOf(value)) throw wrongType();
  if (value.N !== undefined) return { N: addNumbers(old?.N ?? '0', value.N, 1) };
  const { type, members } = setMembers(value);
  const before = old?.[type] ?? [];
  return { [type]: [...before, ...members.filter((entry) => !holds(before, type, entry))] };
}

function removed(old: Value | undefined, value: Value): Value | undefined {
  const { type, members } = setMembers(value);
  if (!old) return undefined;
  if (typeOf(old) !== type) throw wrongType();
  const left = (old[type] ?? []).filter((entry) => !holds(members, type, entry));
  return left.length === 0 ? undefined : { [type]: left };
}

const holds = (set: string[], type: 'SS' | 'NS', entry: string) =>
  type === 'SS' ? set.includes(entry) : set.some((N) => equalValues({ N }, { N: entry }));
