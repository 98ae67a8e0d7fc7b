import { renderTable } from '../../../lib/adapters/terminal/table.ts';

interface Row {
  id: string;
  title?: string;
}
const columns = [
  { title: 'ID', cell: (row: Row) => row.id },
  { title: 'TITLE', cell: (row: Row) => row.title },
];
const lines = (rows: Row[], width?: number) => renderTable(columns, rows, width).split('\n');

describe('a table', () => {
  it('has a head, aligned columns, and no decoration', () => {
    expect(
      lines([
        { id: 'Q1', title: 'Checkout is slow' },
        { id: 'Q22', title: 'x' },
      ]),
    ).toEqual(['ID   TITLE', 'Q1   Checkout is slow', 'Q22  x', '']);
  });

  it('shows a missing value as a dash', () => {
    expect(lines([{ id: 'Q1' }])[1]).toBe('Q1  -');
  });

  it('cuts nothing when the output is not a terminal', () => {
    const title = 'long '.repeat(100).trim();
    expect(lines([{ id: 'Q1', title }])[1]).toBe(`Q1  ${title}`);
  });

  it('fits a terminal by cutting its widest column', () => {
    for (const width of [30, 40, 80]) {
      const table = lines([{ id: 'Q1', title: 'long '.repeat(100) }], width);
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(table[1]).toMatch(/^Q1 {2}long long .*…$/);
    }
  });

  it('stays readable on a terminal that is too narrow for it', () => {
    expect(lines([{ id: 'Q2CKYRLH85UNN4', title: 'Checkout' }], 5)[1]).toMatch(/^Q2CKY… {2}Check…$/);
  });

  it('keeps control characters of others away from the terminal', () => {
    expect(lines([{ id: 'Q1', title: '\u001b[2Jgone\nnext\u202eevil' }])[1]).toBe('Q1   [2Jgone next evil');
  });
});
