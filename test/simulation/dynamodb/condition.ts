import { invalid } from './faults.ts';
import { boundValue, type Mentions, noMentions, parsePath, type Scope, valueAt } from './path.ts';
import { type Tokens, tokenize } from './tokens.ts';
import { compareValues, equalValues, sizeOfValue, typeOf, type Value } from './value.ts';

export type Condition = (scope: Scope) => boolean;
export type Operand = (scope: Scope) => Value | undefined;

export interface ParsedCondition {
  test: Condition;
  mentions: Mentions;
}

const cache = new Map<string, ParsedCondition>();

/** Condition, filter and key condition expressions, parsed once per text. */
export function parseCondition(expression: string): ParsedCondition {
  let parsed = cache.get(expression);
  if (!parsed) {
    const tokens = tokenize(expression);
    const mentions = noMentions();
    const test = parseOr(tokens, mentions);
    if (tokens.peek().kind !== 'end') tokens.fail();
    parsed = { test, mentions };
    cache.set(expression, parsed);
  }
  return parsed;
}

function parseOr(tokens: Tokens, mentions: Mentions): Condition {
  let left = parseAnd(tokens, mentions);
  while (tokens.take('OR')) {
    const [first, second] = [left, parseAnd(tokens, mentions)];
    left = (scope) => first(scope) || second(scope);
  }
  return left;
}

function parseAnd(tokens: Tokens, mentions: Mentions): Condition {
  let left = parseNot(tokens, mentions);
  while (tokens.take('AND')) {
    const [first, second] = [left, parseNot(tokens, mentions)];
    left = (scope) => first(scope) && second(scope);
  }
  return left;
}

function parseNot(tokens: Tokens, mentions: Mentions): Condition {
  if (tokens.take('NOT')) {
    const inner = parseNot(tokens, mentions);
    return (scope) => !inner(scope);
  }
  if (tokens.take('(')) {
    const inner = parseOr(tokens, mentions);
    tokens.expect(')');
    return inner;
  }
  return parseTest(tokens, mentions);
}

function parseTest(tokens: Tokens, mentions: Mentions): Condition {
  for (const [name, build] of functions) {
    if (tokens.take(name)) {
      tokens.expect('(');
      const condition = build(tokens, mentions);
      tokens.expect(')');
      return condition;
    }
  }
  const left = parseOperand(tokens, mentions);
  if (tokens.take('BETWEEN')) {
    const low = parseOperand(tokens, mentions);
    tokens.expect('AND');
    const high = parseOperand(tokens, mentions);
    return (scope) => ordered(left, low, scope, (o) => o >= 0) && ordered(left, high, scope, (o) => o <= 0);
  }
  if (tokens.take('IN')) {
    tokens.expect('(');
    const choices = [parseOperand(tokens, mentions)];
    while (tokens.take(',')) choices.push(parseOperand(tokens, mentions));
    tokens.expect(')');
    return (scope) => choices.some((choice) => same(left, choice, scope));
  }
  const operator = tokens.next().text;
  const right = parseOperand(tokens, mentions);
  switch (operator) {
    case '=':
      return (scope) => same(left, right, scope);
    case '<>':
      return (scope) => !same(left, right, scope);
    case '<':
      return (scope) => ordered(left, right, scope, (o) => o < 0);
    case '<=':
      return (scope) => ordered(left, right, scope, (o) => o <= 0);
    case '>':
      return (scope) => ordered(left, right, scope, (o) => o > 0);
    case '>=':
      return (scope) => ordered(left, right, scope, (o) => o >= 0);
    default:
      return tokens.fail();
  }
}

/** A path, a bound value or `size(path)`. */
export function parseOperand(tokens: Tokens, mentions: Mentions): Operand {
  const token = tokens.peek();
  if (token.kind === 'value') {
    tokens.next();
    mentions.values.add(token.text);
    return ({ values }) => boundValue(token.text, values);
  }
  if (token.kind === 'name' && token.text === 'size') {
    tokens.next();
    tokens.expect('(');
    const path = parsePath(tokens, mentions);
    tokens.expect(')');
    return (scope) => sizeOperand(valueAt(path, scope));
  }
  const path = parsePath(tokens, mentions);
  return (scope) => valueAt(path, scope);
}

function sizeOperand(value: Value | undefined): Value | undefined {
  if (value === undefined) return undefined;
  const elements = value.L ?? value.SS ?? value.NS ?? value.BS ?? (value.M && Object.keys(value.M));
  if (elements) return { N: String(elements.length) };
  return value.S !== undefined || value.B !== undefined ? { N: String(sizeOfValue(value)) } : undefined;
}

function same(left: Operand, right: Operand, scope: Scope): boolean {
  const [a, b] = [left(scope), right(scope)];
  return a !== undefined && b !== undefined && equalValues(a, b);
}

function ordered(left: Operand, right: Operand, scope: Scope, holds: (order: number) => boolean): boolean {
  const [a, b] = [left(scope), right(scope)];
  if (a === undefined || b === undefined) return false;
  const order = compareValues(a, b);
  return order !== undefined && holds(order);
}

type Build = (tokens: Tokens, mentions: Mentions) => Condition;

const pathAndOperand = (tokens: Tokens, mentions: Mentions): [Operand, Operand] => {
  const left = parseOperand(tokens, mentions);
  tokens.expect(',');
  return [left, parseOperand(tokens, mentions)];
};

const functions: [string, Build][] = [
  [
    'ATTRIBUTE_EXISTS',
    (tokens, mentions) => {
      const path = parsePath(tokens, mentions);
      return (scope) => valueAt(path, scope) !== undefined;
    },
  ],
  [
    'ATTRIBUTE_NOT_EXISTS',
    (tokens, mentions) => {
      const path = parsePath(tokens, mentions);
      return (scope) => valueAt(path, scope) === undefined;
    },
  ],
  [
    'ATTRIBUTE_TYPE',
    (tokens, mentions) => {
      const [left, right] = pathAndOperand(tokens, mentions);
      return (scope) => {
        const value = left(scope);
        return value !== undefined && typeOf(value) === right(scope)?.S;
      };
    },
  ],
  [
    'BEGINS_WITH',
    (tokens, mentions) => {
      const [left, right] = pathAndOperand(tokens, mentions);
      return (scope) => {
        const prefix = right(scope)?.S;
        if (prefix === undefined) throw invalid('Invalid operand type for begins_with');
        return left(scope)?.S?.startsWith(prefix) ?? false;
      };
    },
  ],
  [
    'CONTAINS',
    (tokens, mentions) => {
      const [left, right] = pathAndOperand(tokens, mentions);
      return (scope) => contains(left(scope), right(scope));
    },
  ],
];

function contains(whole: Value | undefined, part: Value | undefined): boolean {
  if (whole === undefined || part === undefined) return false;
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S);
  if (whole.SS) return part.S !== undefined && whole.SS.includes(part.S);
  if (whole.NS) return whole.NS.some((N) => equalValues({ N }, part));
  return whole.L?.some((entry) => equalValues(entry, part)) ?? false;
}
