import type { Content } from './yaml-content.ts';

/** From here on JSON is read as such: as YAML it would take a hundred times its size in memory. */
const large = 200_000;
/** How deep the definitions of an export lie: `items` and a number. */
const deepest = 2;

/** A large JSON text as one document, with the lines of its entries; undefined if it is small or no JSON. */
export function largeJson(text: string): Content | undefined {
  if (text.length < large || !/^\s*[[{]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const lines = linesOfEntries(text);
  return { value, lineAt: (path) => lines.get(path.slice(0, deepest).join('.')) ?? 1 };
}

interface Level {
  list: boolean;
  name: string;
}

/** Where the values of the two outer levels begin, by their path; the text is known to be JSON. */
function linesOfEntries(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const levels: Level[] = [];
  let depth = 0;
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') line++;
    else if (character === '"') {
      const end = endOfText(text, at);
      const level = levels[depth - 1];
      if (
        level !== undefined &&
        depth <= deepest &&
        !level.list &&
        /^\s*:/.test(text.slice(end + 1, end + 40))
      ) {
        level.name = JSON.parse(text.slice(at, end + 1)) as string;
        lines.set(pathOf(levels, depth), line);
      }
      at = end;
    } else if (character === '{' || character === '[') {
      if (depth <= deepest && levels[depth - 1]?.list === true) lines.set(pathOf(levels, depth), line);
      levels[depth] = { list: character === '[', name: '0' };
      depth++;
    } else if (character === '}' || character === ']') depth--;
    else if (character === ',') {
      const level = levels[depth - 1];
      if (level?.list === true) level.name = String(Number(level.name) + 1);
    }
  }
  return lines;
}

const pathOf = (levels: readonly Level[], depth: number): string =>
  levels
    .slice(0, depth)
    .map(({ name }) => name)
    .join('.');

function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
