import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tableDefinitions, ttlAttribute } from '../../lib/store/database/table-definitions.ts';
import { capitalized, createWorkspace, root, type Template, type Workspace } from './packaged-service.ts';

let workspace: Workspace;
let template: Template;
let prod: Template;

beforeAll(async () => {
  workspace = createWorkspace();
  const built = await workspace.build();
  if (built.code !== 0) throw new Error(built.output);
  prod = await workspace.packageTemplate('--stage', 'prod');
  template = await workspace.packageTemplate();
});
afterAll(() => workspace.remove());

const properties = (id: string, from = template) => from.Resources[id]?.Properties;

describe('the tables', () => {
  it.each(tableDefinitions)(
    '$name has the keys and indexes the code queries, and no others',
    (definition) => {
      const table = properties(`${capitalized(definition.name)}Table`);
      const schema = (hash: string, range?: string) => [
        { AttributeName: hash, KeyType: 'HASH' },
        ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : []),
      ];
      expect(table.KeySchema).toEqual(schema(definition.hash.attribute, definition.range?.attribute));
      const indexes = definition.indexes.map(({ name, hash, range, include }) => ({
        IndexName: name,
        KeySchema: schema(hash.attribute, range.attribute),
        Projection:
          include.length === 0
            ? { ProjectionType: 'KEYS_ONLY' }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: include },
      }));
      expect(table.GlobalSecondaryIndexes ?? []).toEqual(indexes);
      expect(table.LocalSecondaryIndexes).toBeUndefined();
      const keys = [
        definition.hash,
        definition.range,
        ...definition.indexes.flatMap(({ hash, range }) => [hash, range]),
      ];
      const attributes = new Map(keys.flatMap((key) => (key ? [[key.attribute, key.type] as const] : [])));
      expect(new Map(table.AttributeDefinitions.map(attributePair))).toEqual(attributes);
    },
  );

  const attributePair = ({
    AttributeName,
    AttributeType,
  }: {
    AttributeName: string;
    AttributeType: string;
  }) => [AttributeName, AttributeType] as const;

  it.each(tableDefinitions)(
    '$name is paid by request, encrypted, backed up, and expires what is settled',
    ({ name }) => {
      const table = properties(`${capitalized(name)}Table`);
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
      });
    },
  );

  it.each(tableDefinitions)(
    '$name survives the stack, but not a first deployment that failed',
    ({ name }) => {
      expect(template.Resources[`${capitalized(name)}Table`]).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    },
  );

  it.each(tableDefinitions)('$name is protected from deletion in prod, and not elsewhere', ({ name }) => {
    expect(properties(`${capitalized(name)}Table`, prod).DeletionProtectionEnabled).toBe(true);
    expect(properties(`${capitalized(name)}Table`).DeletionProtectionEnabled).toBe(false);
  });

  it('of two stages are never the same, nor is anything else that has a name', () => {
    const names = (from: Template) =>
      Object.values(from.Resources).flatMap(({ Properties = {} }) =>
        [
          'TableName',
          'QueueName',
          'TopicName',
          'FunctionName',
          'AlarmName',
          'DashboardName',
          'LogGroupName',
          'Name',
        ]
          .map((key) => Properties[key])
          .filter((name) => typeof name === 'string'),
      );
    const shared = names(template).filter((name) => names(prod).includes(name));
    expect(names(template).length).toBeGreaterThan(30);
    expect(shared).toEqual([]);
  });

  it('in a later release differ by at most one index each, which is all CloudFormation can do at once', () => {
    const released: Record<string, string[]> = JSON.parse(
      readFileSync(path.join(root, 'infra/released-indexes.json'), 'utf8'),
    );
    for (const [name, before] of Object.entries(released)) {
      const now = (properties(`${capitalized(name)}Table`)?.GlobalSecondaryIndexes ?? []).map(describeIndex);
      const changes = [...now.filter(notIn(before)), ...before.filter(notIn(now))];
      // An index that changed counts twice, and rightly: it has to go in one release and come back in another.
      expect({ name, changes }).toEqual({ name, changes: changes.slice(0, 1) });
    }
  });

  const notIn = (others: string[]) => (index: string) => !others.includes(index);
  const describeIndex = ({ IndexName, KeySchema, Projection }: Record<string, never[]>) =>
    `${IndexName}: ${(KeySchema ?? []).map(({ AttributeName }) => AttributeName).join(', ')}; ${JSON.stringify(Projection)}`;
});
