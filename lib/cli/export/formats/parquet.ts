import type { Cell, Column } from '../column.ts';
import type { ExportFormat } from '../format.ts';

const types = {
  text: 'STRING',
  time: 'TIMESTAMP',
  integer: 'INT64',
  boolean: 'BOOLEAN',
  // One spelling in every format and engine, where lists of lists have none.
  list: 'STRING',
} as const satisfies Record<Column['type'], string>;

/** Apache Parquet: times are timestamps in UTC, lists are JSON as text. */
export const parquet: ExportFormat = {
  name: 'parquet',
  async write(lines, columns) {
    // Loaded by those who want it: every other command starts without it.
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const columnData = columns.map(({ name, type }) => ({
      name,
      type: types[type],
      data: lines.map((line) => stored(type, line[name])),
    }));
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  },
};

function stored(type: Column['type'], cell: Cell) {
  if (cell === undefined) return null;
  if (type === 'time') return new Date(String(cell));
  if (type === 'integer') return BigInt(Number(cell));
  return type === 'list' ? JSON.stringify(cell) : cell;
}
