import type { ExportFormat } from './format.ts';
import { csv } from './formats/csv.ts';
import { ndjson } from './formats/ndjson.ts';
import { parquet } from './formats/parquet.ts';

export const exportFormats: readonly ExportFormat[] = [ndjson, csv, parquet];
