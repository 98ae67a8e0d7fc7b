import type { Column, Line } from './column.ts';

/** A form in which rows are written. The code that exports knows none by name. */
export interface ExportFormat {
  /** As `--format` takes it, and what files end in. */
  name: string;
  /** Bytes, where it is no text: then it cannot go to a terminal. */
  write(lines: readonly Line[], columns: readonly Column[]): Promise<string | Uint8Array>;
}
