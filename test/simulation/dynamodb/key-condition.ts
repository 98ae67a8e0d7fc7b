import { invalid } from './faults.ts';
import { boundValue, type Mentions, nameOf, noMentions } from './path.ts';
import { type Tokens, tokenize } from './tokens.ts';
import { compareValues, type Value } from './value.ts';

type Operator = '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'BEGINS_WITH';

interface Term {
  attribute: string;
  operator: Operator;
  /** Value placeholders. */
  operands: string[];
}

export interface ParsedKeyCondition {
  terms: Term[];
  mentions: Mentions;
}

export interface KeyRange {
  hash: string;
  includes(sort: Value): boolean;
}

const cache = new Map<string, ParsedKeyCondition>();
const comparators: Operator[] = ['=', '<=', '<', '>=', '>'];

/** `#h = :h` and at most one condition on the range key, in either order. */
export function parseKeyCondition(expression: string): ParsedKeyCondition {
  let parsed = cache.get(expression);
  if (!parsed) {
    const tokens = tokenize(expression);
    const mentions = noMentions();
    const terms = [parseTerm(tokens, mentions)];
    while (tokens.take('AND')) terms.push(parseTerm(tokens, mentions));
    if (tokens.peek().kind !== 'end') tokens.fail();
    parsed = { terms, mentions };
    cache.set(expression, parsed);
  }
  return parsed;
}

function parseTerm(tokens: Tokens, mentions: Mentions): Term {
  const attribute = () => {
    const token = tokens.next();
    if (token.kind === 'placeholder') mentions.names.add(token.text);
    else if (token.kind !== 'name') tokens.fail();
    return token.text;
  };
  const operand = () => {
    const token = tokens.next();
    if (token.kind !== 'value') tokens.fail();
    mentions.values.add(token.text);
    return token.text;
  };
  if (tokens.take('(')) {
    const term = parseTerm(tokens, mentions);
    tokens.expect(')');
    return term;
  }
  if (tokens.take('BEGINS_WITH')) {
    tokens.expect('(');
    const name = attribute();
    tokens.expect(',');
    const prefix = operand();
    tokens.expect(')');
    return { attribute: name, operator: 'BEGINS_WITH', operands: [prefix] };
  }
  const name = attribute();
  if (tokens.take('BETWEEN')) {
    const low = operand();
    tokens.expect('AND');
    return { attribute: name, operator: 'BETWEEN', operands: [low, operand()] };
  }
  const operator = comparators.find((symbol) => tokens.take(symbol)) ?? tokens.fail();
  return { attribute: name, operator, operands: [operand()] };
}

export function keyRange(
  parsed: ParsedKeyCondition,
  keys: { hash: string; range?: string },
  names: Record<string, string>,
  values: Record<string, Value>,
): KeyRange {
  let hash: string | undefined;
  let includes = (_sort: Value) => true;
  for (const { attribute, operator, operands } of parsed.terms) {
    const name = nameOf(attribute, names);
    const [first, second] = operands.map((placeholder) => boundValue(placeholder, values)) as [Value, Value];
    if (name === keys.hash && operator === '=') hash = first.S ?? first.N;
    else if (name === keys.range) includes = (sort) => holds(operator, sort, first, second);
    else throw invalid('Query key condition not supported');
  }
  if (hash === undefined) throw invalid(`Query condition missed key schema element: ${keys.hash}`);
  return { hash, includes };
}

function holds(operator: Operator, sort: Value, first: Value, second: Value): boolean {
  if (operator === 'BEGINS_WITH') return first.S !== undefined && (sort.S?.startsWith(first.S) ?? false);
  const order = compareValues(sort, first);
  if (order === undefined) {
    throw invalid(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
  if (operator === '=') return order === 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  if (operator === '>=') return order >= 0;
  return order >= 0 && (compareValues(sort, second) ?? 1) <= 0;
}
