import type { Template } from './packaged-service.ts';

/** Calls the emulator as an SDK would, less the client: JSON protocols name the operation in a header. */
export async function callJson<T>(
  endpoint: string,
  service: string,
  target: string,
  input: object,
): Promise<T> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization: credentialFor(service),
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : {}) as T;
}

/** The emulator does not check signatures; it reads from them which service is meant. */
const credentialFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260302/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/** Deploys the stateful part of the packaged template with CloudFormation, beside what a user would already have. */
export async function deployTemplate(
  endpoint: string,
  packaged: Template,
  beside: Template['Resources'],
): Promise<void> {
  const stateful = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::SNS::Topic'];
  const kept = Object.entries(packaged.Resources).filter(([, { Type }]) => stateful.includes(Type));
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: { ...Object.fromEntries(kept), ...beside },
  };
  const form = new URLSearchParams({
    Action: 'CreateStack',
    Version: '2010-05-15',
    StackName: 'pagerduty-bridge-emulated',
    TemplateBody: JSON.stringify(template),
  });
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: credentialFor('cloudformation') },
    body: form,
  });
  if (!answer.ok) throw new Error(`CreateStack: ${answer.status} ${await answer.text()}`);
}

export interface StreamRecord {
  eventName: string;
  dynamodb: { Keys: Record<string, { S: string }>; SequenceNumber: string };
}

/** Every record in a table's stream so far. */
export async function readStream(endpoint: string, tableName: string): Promise<StreamRecord[]> {
  const streams = <T>(operation: string, input: object): Promise<T> =>
    callJson<T>(endpoint, 'dynamodb', `DynamoDBStreams_20120810.${operation}`, input);
  const { Table } = await callJson<{ Table: { LatestStreamArn: string } }>(
    endpoint,
    'dynamodb',
    'DynamoDB_20120810.DescribeTable',
    { TableName: tableName },
  );
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = await streams<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    'DescribeStream',
    { StreamArn },
  );
  const records: StreamRecord[] = [];
  for (const { ShardId } of StreamDescription.Shards) {
    const position = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const { ShardIterator } = await streams<{ ShardIterator: string }>('GetShardIterator', position);
    const { Records } = await streams<{ Records: StreamRecord[] }>('GetRecords', { ShardIterator });
    records.push(...Records);
  }
  return records;
}
