import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Subject } from './dynamodb-fixture.ts';

export type Row = Record<string, unknown>;

// biome-ignore lint/suspicious/noExplicitAny: each case looks at another part of the answer
type Answer = any;

/** What every part of the contract uses: the implementation under test and short ways to write and read. */
export interface Contract {
  subject(): Subject;
  freshId(): string;
  put(row: Row, more?: Row): Promise<Answer>;
  read(id: string, sequence?: number): Promise<Row | undefined>;
  update(
    id: string,
    expression: string,
    names: Record<string, string>,
    values: Row,
    more?: Row,
  ): Promise<Answer>;
  /** The name of the exception, or `accepted`. */
  refusal(attempt: Promise<unknown>): Promise<string>;
}

export function createContract(subject: () => Subject): Contract {
  let serial = 0;
  return {
    subject,
    freshId: () => {
      serial += 1;
      return `contract-${serial}`;
    },
    put: (row, more = {}) =>
      subject().db.send(
        new PutItemCommand({ TableName: subject().table('outgoing'), Item: marshall(row), ...more }),
      ),
    read: async (id, sequence = 1) => {
      const { Item } = await subject().db.send(
        new GetItemCommand({
          TableName: subject().table('outgoing'),
          Key: marshall({ incident_id: id, sequence }),
          ConsistentRead: true,
        }),
      );
      return Item && unmarshall(Item);
    },
    update: (id, expression, names, values, more = {}) =>
      subject().db.send(
        new UpdateItemCommand({
          TableName: subject().table('outgoing'),
          Key: marshall({ incident_id: id, sequence: 1 }),
          UpdateExpression: expression,
          ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
          ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: marshall(values) }),
          ...more,
        }),
      ),
    refusal: (attempt) =>
      attempt.then(
        () => 'accepted',
        (fault: Error) => fault.name,
      ),
  };
}
