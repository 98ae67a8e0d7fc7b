import type { ExportFormat } from '../format.ts';

/** A JSON object a line; what is not known is left out. */
export const ndjson: ExportFormat = {
  name: 'ndjson',
  write: async (lines) => lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
};
