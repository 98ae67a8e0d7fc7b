import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';

/** The SDK's own exception classes, so that `instanceof` and `name` both work on what the stand-in throws. */
const $metadata = {};

export const conditionFailed = () =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata });

export const noSuchTable = (table: string) =>
  new ResourceNotFoundException({
    message: `Requested resource not found: Table: ${table} not found`,
    $metadata,
  });

export const invalid = (message: string) =>
  new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata });

export const throttled = (kind: 'table' | 'account' = 'table') =>
  kind === 'table'
    ? new ProvisionedThroughputExceededException({
        message: 'The level of configured provisioned throughput for the table was exceeded.',
        $metadata,
      })
    : new ThrottlingException({
        message: 'Throughput exceeds the current capacity of your table.',
        $metadata,
      });

export const serverFault = () => new InternalServerError({ message: 'Internal server error', $metadata });

/** What the SDK reports when a connection breaks or its request times out: nobody knows whether it took effect. */
export const connectionFault = () => {
  const fault = new Error('socket hang up');
  fault.name = 'TimeoutError';
  return Object.assign(fault, { code: 'ECONNRESET' });
};
