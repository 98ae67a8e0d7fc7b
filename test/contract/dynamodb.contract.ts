import { createContract } from './contract.ts';
import type { Subject } from './dynamodb-fixture.ts';
import { describeIndexes } from './indexes.contract.ts';
import { describeQueries } from './queries.contract.ts';
import { describeRefusals } from './refusals.contract.ts';
import { describeScansAndBatches } from './scans-and-batches.contract.ts';
import { describeUpdates } from './updates.contract.ts';
import { describeValues } from './values.contract.ts';
import { describeWritesOnCondition } from './writes-on-condition.contract.ts';

/**
 * What the store relies on DynamoDB for, checked against every implementation alike. The simulator's verdicts
 * are worth as much as its stand-in for the database, and this is the check of that stand-in.
 */
export function describeDynamoDbContract(name: string, open: () => Promise<Subject>): void {
  describe(`DynamoDB as ${name}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.close());
    const contract = createContract(() => subject);

    describeWritesOnCondition(contract);
    describeUpdates(contract);
    describeRefusals(contract);
    describeQueries(contract);
    describeIndexes(contract);
    describeScansAndBatches(contract);
    describeValues(contract);
  });
}
