import { invalid } from './faults.ts';

export interface Token {
  kind: 'name' | 'placeholder' | 'value' | 'number' | 'symbol' | 'end';
  text: string;
}

const pattern = /\s*(?:(#\w+)|(:\w+)|([A-Za-z_]\w*)|(\d+)|(<>|<=|>=|[=<>()[\].,+-]))/y;

/** A cursor over the tokens of one expression. */
export interface Tokens {
  peek(): Token;
  next(): Token;
  /** Takes the token if it is this symbol or keyword (keywords in any case). */
  take(text: string): boolean;
  expect(text: string): void;
  fail(): never;
}

const kinds = ['placeholder', 'value', 'name', 'number', 'symbol'] as const;

export function tokenize(expression: string): Tokens {
  const tokens: Token[] = [];
  const rest = expression.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < rest.length) {
    const found = pattern.exec(rest);
    if (!found) throw invalid(`Invalid expression: Syntax error: ${expression}`);
    const kind = kinds.find((_, at) => found[at + 1] !== undefined) ?? 'symbol';
    tokens.push({ kind, text: found[kinds.indexOf(kind) + 1] ?? '' });
  }
  let at = 0;
  const end: Token = { kind: 'end', text: '' };
  const peek = () => tokens[at] ?? end;
  const fail = (): never => {
    throw invalid(`Invalid expression: Syntax error; token: "${peek().text || '<EOF>'}" in: ${expression}`);
  };
  const take = (text: string) => {
    const token = peek();
    const same =
      token.kind === 'name'
        ? token.text.toUpperCase() === text
        : token.kind === 'symbol' && token.text === text;
    if (same) at += 1;
    return same;
  };
  return {
    peek,
    next: () => {
      const token = peek();
      at += 1;
      return token;
    },
    take,
    expect: (text) => {
      if (!take(text)) fail();
    },
    fail,
  };
}
