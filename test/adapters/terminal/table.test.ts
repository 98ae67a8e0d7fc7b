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

  it('has its columns in the same places however many rows it has, also after wide characters', () => {
    const rows = Array.from({ length: 130 }, (_, n) => ({
      id: n === 3 ? '決済' : `Q${n}`,
      title: `at ${n}`,
    }));
    const [head, ...rest] = lines(rows);
    expect(head).toBe('ID    TITLE');
    expect(rest).toHaveLength(131);
    expect(rest[3]).toBe('決済  at 3');
    expect(rest.filter((line) => line.indexOf('at ') === 6)).toHaveLength(129);
    expect(lines(rows, 14).every((line) => line.length <= 14)).toBe(true);
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

  describe('with an id to copy and columns to spare', () => {
    const wide = [
      { title: 'ID', cell: (row: Row) => row.id, whole: true as const },
      { title: 'STATUS', cell: () => 'acknowledged' },
      { title: 'RULE', cell: () => 'service_name_as_team', spare: 2 },
      { title: 'TITLE', cell: (row: Row) => row.title, spare: 1 },
    ];
    const row = {
      id: 'Q2CKYRLH85UNN4QQQQQQQQQQQQ',
      title: 'Checkout latency is above two seconds in all regions',
    };
    const at = (width?: number) => renderTable(wide, [row], width);

    it.each([20, 40, 60, 80, 100, 160])('never cuts the id, at %i columns', (width) => {
      expect(at(width).split('\n')[1]).toMatch(new RegExp(`^${row.id}( |$)`));
    });

    it.each([40, 60, 80, 100])('fits %i columns', (width) => {
      expect(
        Math.max(
          ...at(width)
            .split('\n')
            .slice(0, 2)
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(width);
    });

    it('leaves out what can be spared, and says so, before anything is unreadable', () => {
      expect(at(60)).toBe(
        'ID                          STATUS        TITLE\n' +
          `${row.id}  acknowledged  Checkout latenc…\n` +
          '(no room for RULE: -o wide shows all)\n',
      );
      expect(at(40)).toContain('(no room for RULE, TITLE: -o wide shows all)');
      expect(at(160)).not.toContain('no room');
      expect(at()).not.toContain('no room');
    });
  });
});
