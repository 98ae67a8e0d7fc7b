import Table from 'cli-table3';
import stringWidth from 'string-width';
import { withoutHarm } from './harmless.ts';

export interface Column<Row> {
  title: string;
  cell(row: Row): string | number | undefined;
  /** Its values are never cut: an id that cannot be copied is no help. */
  whole?: true;
  /** Left out where there is no room for all, the one with the highest number first; without it, never. */
  spare?: number;
}

const gap = 2;
const narrowest = 6;
/** A column that has to be narrower than this tells little: one that can be spared goes before that. */
const comfortable = 14;
const noBorders = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', ''].flatMap((a) =>
    ['', '-mid', '-left', '-right'].map((b) => [`${a}${b}`, '']),
  ),
);

/**
 * Rows as a table. On a terminal it is as wide as that: columns that can be spared are left out and named below, long
 * cells end in `…`. Without one nothing is cut, left out or decorated, so that `grep` and `awk` see the values.
 */
export function renderTable<Row>(columns: Column<Row>[], rows: Row[], width: number | undefined): string {
  const all = columns.map((column): Laid => {
    const cells = rows.map((row) => printable(String(column.cell(row) ?? '-')));
    const width = [column.title, ...cells].reduce((most, text) => Math.max(most, [...text].length), 0);
    return { ...column, cells, width };
  });
  const shown = width === undefined ? all : withRoom(all, width);
  const widths = width === undefined ? shown.map(naturalWidth) : fit(shown, width);
  const texts = [
    shown.map(({ title }) => title),
    ...rows.map((_, row) => shown.map(({ cells }) => cells[row] ?? '')),
  ];
  const lines: string[] = [];
  for (let from = 0; from < texts.length; from += linesAtOnce)
    lines.push(...laidOut(texts.slice(from, from + linesAtOnce), widths));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n${leftOut(all, shown)}`;
}

/** The time of the library grows with the square of the lines it is given. */
const linesAtOnce = 50;

function laidOut(texts: string[][], widths: readonly number[]): string[] {
  const table = new Table({
    colWidths: widths.map((width) => width + gap),
    chars: { ...noBorders, middle: '' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
  });
  table.push(...texts);
  return table.toString().split('\n');
}

/** In columns of the terminal, of which a character may take two. */
const naturalWidth = ({ title, cells }: Laid): number =>
  [title, ...cells].reduce((most, text) => Math.max(most, stringWidth(text)), 0);

interface Laid extends Omit<Column<never>, 'cell'> {
  cells: string[];
  /** Of its longest value. */
  width: number;
}

/** Leaves out what can be spared until the rest is readable. */
function withRoom(all: readonly Laid[], available: number): Laid[] {
  let shown = [...all];
  for (;;) {
    const needed = shown.reduce((sum, each) => sum + gap + leastOf(each), 0);
    const ranks = shown.flatMap(({ spare }) => spare ?? []);
    if (needed <= available || ranks.length === 0) return shown;
    const last = Math.max(...ranks);
    shown = shown.filter(({ spare }) => spare !== last);
  }
}

const leastOf = ({ width, whole }: Laid): number => (whole ? width : Math.min(width, comfortable));

function leftOut(all: readonly Laid[], shown: readonly Laid[]): string {
  const missing = all.filter((column) => !shown.includes(column)).map(({ title }) => title);
  return missing.length === 0 ? '' : `(no room for ${missing.join(', ')}: -o wide shows all)\n`;
}

/** Takes what is too much from the widest columns. */
function fit(columns: readonly Laid[], available: number): number[] {
  const fitted = columns.map(({ width }) => width);
  const total = () => fitted.reduce((sum, each) => sum + each + gap, 0);
  while (total() > available) {
    const cuttable = fitted.map((width, at) => (columns[at]?.whole ? 0 : width));
    const widest = cuttable.indexOf(Math.max(...cuttable));
    const now = cuttable[widest] ?? 0;
    if (now <= narrowest) break;
    fitted[widest] = now - 1;
  }
  return fitted;
}

/** What comes from webhooks may hold anything, also sequences that would take over the terminal. */
export function printable(text: string): string {
  return withoutHarm(text).replace(/[\n\t\r]+/g, ' ');
}
