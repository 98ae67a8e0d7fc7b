import { stringify } from 'csv-stringify/sync';
import type { ExportFormat } from '../format.ts';

/** With a header; lists are JSON. A text that a spreadsheet would take for a formula is escaped, as in `dora --csv`. */
export const csv: ExportFormat = {
  name: 'csv',
  write: async (lines, columns) =>
    stringify([...lines], {
      header: true,
      columns: columns.map(({ name }) => name),
      escape_formulas: true,
      cast: { boolean: String, object: (value) => JSON.stringify(value) },
    }),
};
