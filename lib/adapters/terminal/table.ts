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
  const lines = texts.map((cells) =>
    cells
      .map((text, at) => padded(text, widths[at] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
  return `${lines.join('\n')}\n${leftOut(all, shown)}`;
}

function padded(text: string, width: number): string {
  const fitting = widthOf(text) <= width ? text : cut(text, width);
  return fitting + ' '.repeat(Math.max(0, width - widthOf(fitting)));
}

/** As much of it as has room, with a sign that there is more. */
function cut(text: string, width: number): string {
  let kept = '';
  let taken = 1;
  for (const character of text) {
    taken += widthOf(character);
    if (taken > width) break;
    kept += character;
  }
  return `${kept}…`;
}

const ascii = /^[ -~]*$/;

/** In columns of a terminal, of which a character may take two, or none. */
const widthOf = (text: string): number => (ascii.test(text) ? text.length : stringWidth(text));

const naturalWidth = ({ title, cells }: Laid): number =>
  [title, ...cells].reduce((most, text) => Math.max(most, widthOf(text)), 0);

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
