import { isScalar, LineCounter, parseAllDocuments, visit, type Document as YamlDocument } from 'yaml';
import { lineOf } from './line-of.ts';

/** One document as values, and where its parts are written; or what kept it from being read. */
export type Content = { value: unknown; lineAt(path: readonly PropertyKey[]): number } | Unparsed;

export interface Unparsed {
  fault: string;
  line: number;
  /** The text is too much, rather than wrong. */
  tooMuch?: true;
}

/** Parsing takes a hundred times this much memory and three seconds a megabyte; no person writes as much. */
const longestYaml = 2_000_000;
const mostDocuments = 10_000;
/** No person nests as deep; the parser needs a kilobyte of memory a level, and gives up at some thousand. */
const deepest = 500;

/**
 * The documents of a YAML text, one after the other. Bounded: too much of it is a fault before it takes the memory,
 * so are aliases that multiply, a document that contains itself, and nesting without end.
 */
export function yamlContents(text: string): Content[] {
  const tooMuch = boundsOf(text);
  if (tooMuch !== undefined) return [{ fault: tooMuch, line: 1, tooMuch: true }];
  try {
    return parse(text);
  } catch (error) {
    return [{ fault: faultOf(error), line: 1 }];
  }
}

function boundsOf(text: string): string | undefined {
  if (text.length > longestYaml) {
    const millions = Math.round(text.length / 100_000) / 10;
    return `has ${millions} million characters; YAML may have up to ${longestYaml / 1_000_000} million a file, so split it into several, or give it as JSON`;
  }
  const documents = text.match(/^---/gm)?.length ?? 0;
  if (documents > mostDocuments) {
    return `has ${documents} documents; up to ${mostDocuments} a file are read, so split it into several`;
  }
  return nestsTooDeeply(text) ? tooDeep : undefined;
}

/** Brackets that are open at once, and dashes in a row. Brackets in texts count too, but rarely stay open. */
function nestsTooDeeply(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > deepest) return true;
  }
  return new RegExp(`(?:[-?][ \\t]+){${deepest}}`).test(text);
}

const tooDeep = 'is nested too deeply, or contains itself';

function parse(text: string): Content[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    merge: true,
    stringKeys: true,
    // The parser compares every key with every other; see `doubledKey`.
    uniqueKeys: false,
  });
  return Array.isArray(documents) ? documents.map((document) => contentOf(document, lines)) : [];
}

function contentOf(document: YamlDocument, lines: LineCounter): Content {
  const [syntax] = document.errors;
  if (syntax !== undefined) return { fault: faultOf(syntax), line: lines.linePos(syntax.pos[0]).line };
  try {
    const doubled = doubledKey(document);
    if (doubled !== undefined) {
      return {
        fault: `Map keys must be unique; "${doubled.key}" is there twice`,
        line: lines.linePos(doubled.at).line,
      };
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, lineAt: (path) => lineOf(document, lines, path) };
  } catch (error) {
    return { fault: faultOf(error), line: lineOf(document, lines, []) };
  }
}

function doubledKey(document: YamlDocument): { key: string; at: number } | undefined {
  let found: { key: string; at: number } | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) {
          found = { key: String(key.value), at: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

function faultOf(error: unknown): string {
  const { message } = error as Error;
  return /call stack/.test(message) ? tooDeep : message;
}
