import type { Input, Output } from './database.ts';
import { type Item, sizeOfItem } from './value.ts';

const asked = (input: Input): boolean =>
  input.ReturnConsumedCapacity === 'TOTAL' || input.ReturnConsumedCapacity === 'INDEXES';

function report(input: Input, table: number, indexes: number): Output {
  return {
    ConsumedCapacity: {
      TableName: input.TableName,
      CapacityUnits: table + indexes,
      ...(input.ReturnConsumedCapacity === 'INDEXES' && { Table: { CapacityUnits: table } }),
    },
  };
}

/** One unit per KB of the larger of the old and the new item, plus what the indexes cost. */
export function writeCapacity(input: Input, items: (Item | undefined)[], indexUnits: number): Output {
  if (!asked(input)) return {};
  const bytes = Math.max(1, ...items.map((item) => (item ? sizeOfItem(item) : 0)));
  return report(input, Math.ceil(bytes / 1024), indexUnits);
}

/** One unit per 4 KB read, half of it where the read may be stale. */
export function readCapacity(input: Input, items: Item[], consistent: boolean): Output {
  if (!asked(input)) return {};
  const bytes = Math.max(
    1,
    items.reduce((sum, item) => sum + sizeOfItem(item), 0),
  );
  return report(input, Math.ceil(bytes / 4096) * (consistent ? 1 : 0.5), 0);
}
