import Table from 'cli-table3';

export interface Column<Row> {
  title: string;
  cell(row: Row): string | number | undefined;
}

const gap = 2;
const narrowest = 6;
const noBorders = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', ''].flatMap((a) =>
    ['', '-mid', '-left', '-right'].map((b) => [`${a}${b}`, '']),
  ),
);

/**
 * Rows as a table. On a terminal it is as wide as that, long cells end in `…`; without one nothing is cut and
 * nothing decorated, so that `grep` and `awk` see the values.
 */
export function renderTable<Row>(columns: Column<Row>[], rows: Row[], width: number | undefined): string {
  const head = columns.map((column) => column.title);
  const cells = rows.map((row) => columns.map((column) => printable(String(column.cell(row) ?? '-'))));
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((line) => [...(line[i] ?? '')].length)));
  const table = new Table({
    head,
    ...(width !== undefined && { colWidths: fit(widths, width).map((w) => w + gap) }),
    chars: { ...noBorders, middle: '' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
  });
  table.push(...cells);
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Takes what is too much from the widest columns. */
function fit(widths: number[], available: number): number[] {
  const fitted = [...widths];
  const total = () => fitted.reduce((sum, each) => sum + each + gap, 0);
  while (total() > available) {
    const widest = fitted.indexOf(Math.max(...fitted));
    const now = fitted[widest] ?? 0;
    if (now <= narrowest) break;
    fitted[widest] = now - 1;
  }
  return fitted;
}

/** What comes from webhooks may hold anything, also sequences that would take over the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to keep out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
