import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { type TableDefinition, tableDefinitions } from '../../lib/store/database/table-definitions.ts';

type Item = Record<string, { S?: string; N?: string }>;

export interface WriteUnits {
  /** As the database reports them. */
  base: number;
  /** One per KB of projected entry, per entry put or removed: the embedded database reports none. */
  index: number;
  byTable: Record<string, number>;
}

const writes = new Set(['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand']);

/** A store that counts the write units of everything that goes through it. */
export function meteredStore(store: Store): { store: Store; units: WriteUnits; reset(): void } {
  const units: WriteUnits = { base: 0, index: 0, byTable: {} };
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    if (!writes.has(command.constructor.name)) return store.db.send(command);
    const definition = tableDefinitions.find(({ name }) => store.table(name) === command.input['TableName']);
    if (!definition) throw new Error(`unknown table ${String(command.input['TableName'])}`);
    const key = keyOf(definition, command.input);
    const before = await read(store, definition, key);
    command.input['ReturnConsumedCapacity'] = 'TOTAL';
    const answer = await store.db.send(command);
    const after = await read(store, definition, key);
    const base = Number(answer.ConsumedCapacity?.CapacityUnits ?? 0);
    const index = definition.indexes.reduce(
      (sum, each) =>
        sum + indexUnits(projected(definition, each, before), projected(definition, each, after)),
      0,
    );
    units.base += base;
    units.index += index;
    units.byTable[definition.name] = (units.byTable[definition.name] ?? 0) + base + index;
    return answer;
  };
  return {
    store: { ...store, db: { send } },
    units,
    reset() {
      units.base = 0;
      units.index = 0;
      units.byTable = {};
    },
  };
}

function keyOf(definition: TableDefinition, input: Record<string, unknown>): Item {
  const item = (input['Item'] ?? input['Key']) as Item;
  const names = [definition.hash, definition.range].flatMap((key) => (key ? [key.attribute] : []));
  return Object.fromEntries(names.map((name) => [name, item[name] ?? {}]));
}

async function read(store: Store, definition: TableDefinition, Key: Item): Promise<Item | undefined> {
  const { Item } = await store.db.send(
    new GetItemCommand({ TableName: store.table(definition.name), Key: Key as never, ConsistentRead: true }),
  );
  return Item;
}

/** The index entry of an item as text, or undefined when the index is sparse and has none. */
function projected(
  definition: TableDefinition,
  index: TableDefinition['indexes'][number],
  item: Item | undefined,
): string | undefined {
  if (!item?.[index.hash.attribute] || !item[index.range.attribute]) return undefined;
  const keys = [definition.hash, definition.range, index.hash, index.range].flatMap(
    (key) => key?.attribute ?? [],
  );
  const names = [...new Set([...keys, ...index.include])];
  return JSON.stringify(names.map((name) => [name, item[name]]));
}

function indexUnits(before: string | undefined, after: string | undefined): number {
  if (before === after) return 0;
  const cost = (entry: string | undefined) => (entry === undefined ? 0 : Math.ceil(entry.length / 1024));
  return cost(before) + cost(after);
}
