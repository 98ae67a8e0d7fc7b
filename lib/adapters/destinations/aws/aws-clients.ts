import type { PutEventsRequest, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';

/** One AWS operation, ready to be called. */
export type AwsCall<Input, Output> = (input: Input, signal: AbortSignal) => Promise<Output>;

export interface AwsTarget {
  region?: string | undefined;
  /** An emulator or a VPC endpoint. */
  endpoint?: string | undefined;
}

/** The operations destinations use. Each loads its client on first use, so that others do not pay for it. */
export interface AwsClients {
  putEvents(target: AwsTarget): Promise<AwsCall<PutEventsRequest, PutEventsResponse>>;
  sendMessage(target: AwsTarget): Promise<AwsCall<SendMessageRequest, SendMessageResult>>;
  publish(target: AwsTarget): Promise<AwsCall<PublishInput, PublishResponse>>;
}
