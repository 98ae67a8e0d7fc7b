import { readFileSync } from 'node:fs';

/** The README, taken apart for tests. */
export const readme = readFileSync('README.md', 'utf8');

export interface Block {
  language: string;
  text: string;
  /** The last line of prose before it, and the nearest heading above. */
  before: string;
  heading: string;
}

/** The fenced code blocks, also those inside a list; their indentation is taken off. */
export function blocks(language?: string): Block[] {
  const found: Block[] = [];
  let heading = '';
  let before = '';
  let open: { language: string; indent: number; lines: string[] } | undefined;
  for (const line of readme.split('\n')) {
    const fence = /^( *)```(\w*)$/.exec(line);
    if (fence && open) {
      const text = open.lines.map((each) => each.slice(open?.indent)).join('\n');
      found.push({ language: open.language, text, before, heading });
      open = undefined;
    } else if (fence) {
      open = { language: fence[2] ?? '', indent: fence[1]?.length ?? 0, lines: [] };
    } else if (open) {
      open.lines.push(line);
    } else {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
      before = line.trim() || before;
    }
  }
  if (open) throw new Error(`The block after ${JSON.stringify(before)} is not closed.`);
  return found.filter((block) => language === undefined || block.language === language);
}

/** The prose of one section, up to the next heading of the same or a higher level. */
export function section(heading: string): string {
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length;
  if (level === undefined) throw new Error(`The README has no section ${JSON.stringify(heading)}.`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && (/^#+/.exec(line)?.[0].length ?? 0) <= level);
  return rest.slice(0, end === -1 ? undefined : end).join('\n');
}

/** Tables of a text as rows of cells, without their heads. */
export function tables(text: string): string[][][] {
  const found: string[][][] = [];
  let rows: string[][] = [];
  for (const line of [...text.split('\n'), '']) {
    if (line.startsWith('|'))
      rows.push(
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    else if (rows.length > 0) {
      found.push(rows.slice(2));
      rows = [];
    }
  }
  return found;
}

/** What stands in backticks. */
export const quoted = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

/** The anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

export const headings = (): string[] =>
  readme
    .replace(/^ *```[\s\S]*?^ *```$/gm, '')
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) => line.replace(/^#+ /, ''));
