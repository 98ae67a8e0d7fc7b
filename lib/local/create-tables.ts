import {
  CreateTableCommand,
  DescribeTableCommand,
  type KeySchemaElement,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { StartError } from '../adapters/laptop/start-error.ts';
import type { DynamoDb } from '../store/database/dynamo.ts';
import {
  type IndexDefinition,
  type KeyAttribute,
  type TableDefinition,
  tableDefinitions,
} from '../store/database/table-definitions.ts';

/** Creates the tables that are missing; one that exists with other keys or indexes is an error. */
export async function createTables(db: DynamoDb, prefix: string): Promise<void> {
  for (const definition of tableDefinitions) {
    const name = prefix + definition.name;
    const existing = (await describe(db, name)) ?? (await create(db, name, definition));
    const difference = differs(definition, existing);
    if (difference) {
      throw new StartError(
        'table_differs',
        `The table ${name} was made for another version of the bridge: ${difference}. ` +
          'Use another BRIDGE_DATA_DIR or BRIDGE_TABLE_PREFIX, or delete that table if you do not need it.',
      );
    }
  }
}

async function create(db: DynamoDb, name: string, definition: TableDefinition): Promise<TableDescription> {
  try {
    await db.send(new CreateTableCommand(createTableInput(name, definition)));
  } catch (error) {
    // Somebody else was faster; what they made is compared like any other.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  for (let attempt = 0; attempt < 300; attempt++) {
    const table = await describe(db, name);
    if (table?.TableStatus === 'ACTIVE') return table;
    await new Promise((resolve) => setTimeout(resolve, Math.min(200, 5 * attempt)));
  }
  throw new Error(`The table ${name} did not become active within a minute.`);
}

async function describe(db: DynamoDb, name: string): Promise<TableDescription | undefined> {
  try {
    return (await db.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function createTableInput(name: string, definition: TableDefinition) {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: attributeDefinitions(definition),
    KeySchema: keySchema(definition.hash, definition.range),
    ...(definition.indexes.length > 0 && { GlobalSecondaryIndexes: definition.indexes.map(indexInput) }),
  };
}

/** Of every key, of the table and of its indexes, as CreateTable wants them. */
export function attributeDefinitions(definition: TableDefinition) {
  const keys = [definition, ...definition.indexes].flatMap((part) => [part.hash, part.range ?? part.hash]);
  const types = new Map(keys.map((key) => [key.attribute, key.type]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

export const indexInput = (index: IndexDefinition) => ({
  IndexName: index.name,
  KeySchema: keySchema(index.hash, index.range),
  Projection:
    index.include.length > 0
      ? { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: index.include }
      : { ProjectionType: 'KEYS_ONLY' as const },
});

function keySchema(hash: KeyAttribute, range: KeyAttribute | undefined): KeySchemaElement[] {
  return [
    { AttributeName: hash.attribute, KeyType: 'HASH' },
    ...(range ? [{ AttributeName: range.attribute, KeyType: 'RANGE' as const }] : []),
  ];
}

/** What is different, in words; undefined when the table can be used. An extra index of the user's is fine. */
function differs(definition: TableDefinition, table: TableDescription): string | undefined {
  const types = new Map(table.AttributeDefinitions?.map((a) => [a.AttributeName, a.AttributeType]));
  const describeKey = (schema: KeySchemaElement[] | undefined) =>
    (schema ?? []).map((key) => `${key.AttributeName} (${types.get(key.AttributeName ?? '')})`).join(', ');
  const wantedKey = (part: { hash: KeyAttribute; range?: KeyAttribute }) =>
    [part.hash, ...(part.range ? [part.range] : [])]
      .map((key) => `${key.attribute} (${key.type})`)
      .join(', ');

  const key = describeKey(table.KeySchema);
  if (key !== wantedKey(definition)) return `its key is ${key} instead of ${wantedKey(definition)}`;
  for (const index of definition.indexes) {
    const found = table.GlobalSecondaryIndexes?.find((candidate) => candidate.IndexName === index.name);
    if (!found) return `it has no index "${index.name}"`;
    const indexKey = describeKey(found.KeySchema);
    if (indexKey !== wantedKey(index)) {
      return `its index "${index.name}" has the key ${indexKey} instead of ${wantedKey(index)}`;
    }
    const missing = index.include.filter(
      (attribute) =>
        found.Projection?.ProjectionType !== 'ALL' &&
        !found.Projection?.NonKeyAttributes?.includes(attribute),
    );
    if (missing.length > 0) return `its index "${index.name}" does not carry ${missing.join(', ')}`;
  }
  return undefined;
}
