import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a user or contributor reads, taken apart for tests: the README first, since the others build on it. */
export const files: readonly string[] = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
  ...['CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].filter((file) => existsSync(file)),
];

export const textOf = (file: string): string => readFileSync(file, 'utf8');

/** All of them together. */
export const everything = files.map(textOf).join('\n');

export interface Block {
  file: string;
  language: string;
  text: string;
  /** The last line of prose before it, and the nearest heading above. */
  before: string;
  heading: string;
}

/** The fenced code blocks of all files, also those inside a list; their indentation is taken off. */
export function blocks(language?: string): Block[] {
  return files.flatMap(blocksOf).filter((block) => language === undefined || block.language === language);
}

function blocksOf(file: string): Block[] {
  const found: Block[] = [];
  let heading = '';
  let before = '';
  let open: { language: string; indent: number; lines: string[] } | undefined;
  for (const line of textOf(file).split('\n')) {
    const fence = /^( *)```(\w*)$/.exec(line);
    if (fence && open) {
      const text = open.lines.map((each) => each.slice(open?.indent)).join('\n');
      found.push({ file, language: open.language, text, before, heading });
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
  if (open) throw new Error(`${file}: the block after ${JSON.stringify(before)} is not closed.`);
  return found;
}

/** The prose of one section, up to the next heading of the same or a higher level. */
export function section(file: string, heading: string): string {
  const lines = textOf(file).split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length;
  if (level === undefined) throw new Error(`${file} has no section ${JSON.stringify(heading)}.`);
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

export const headings = (file: string): string[] =>
  textOf(file)
    .replace(/^ *```[\s\S]*?^ *```$/gm, '')
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) => line.replace(/^#+ /, ''));
