import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import type { ConfigFault } from './bridge-config.ts';
import { showGiven, showGivenIn } from './show-given.ts';

export interface YamlDocument {
  value: unknown;
  faults: ConfigFault[];
  /** The line, from 1, of the key at a path, or of the nearest thing around it. */
  lineOf(path: PropertyKey[]): number;
}

/** Reads one YAML document and remembers where everything stands. Duplicate keys are faults too. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    path: '',
    line: lineAt(error.pos[0]),
    message:
      error.code === 'MULTIPLE_DOCS'
        ? 'a second document begins here (---); the configuration is one'
        : `not valid YAML: ${showGivenIn(error.message)}`,
  }));
  const endless = aliasInItself(document);
  if (endless)
    faults.push({
      path: '',
      line: lineAt(endless.at),
      message: `*${showGiven(endless.name)} stands inside of what it stands for`,
    });
  let value: unknown;
  try {
    value = faults.length > 0 ? undefined : document.toJS();
  } catch (error) {
    // An alias that repeats itself without end ("billion laughs") is only noticed here.
    faults.push({ path: '', line: 1, message: `not readable: ${showGivenIn((error as Error).message)}` });
  }
  return {
    value,
    faults,
    lineOf: (path) => lineAt(offsetOf(document.contents, path)),
  };
}

/** An alias within its own anchor: what it stands for has no end. */
function aliasInItself(document: Document.Parsed): { name: string; at: number } | undefined {
  let found: { name: string; at: number } | undefined;
  visit(document, {
    Alias(_, alias, path) {
      const within = path.some((node) => isNode(node) && 'anchor' in node && node.anchor === alias.source);
      if (!within) return undefined;
      found = { name: alias.source, at: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

function offsetOf(root: ParsedNode | null, path: PropertyKey[]): number {
  let node: Node | null = root;
  let offset = root?.range[0] ?? 0;
  for (const step of path) {
    const next: { at: unknown; value: unknown } | undefined = entry(node, step);
    if (!next) return offset;
    if (isNode(next.at) && next.at.range) offset = next.at.range[0];
    node = isNode(next.value) ? next.value : null;
  }
  return offset;
}

/** A map's entry is where its key stands, a list's item where it begins. */
function entry(node: Node | null, step: PropertyKey): { at: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair && { at: pair.key, value: pair.value };
  }
  const items = (node as { items?: unknown[] } | null)?.items;
  const item = typeof step === 'number' ? items?.[step] : undefined;
  return item === undefined ? undefined : { at: item, value: item };
}
