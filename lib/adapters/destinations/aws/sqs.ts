import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';
import type { DestinationKind } from '../kind.ts';
import { awsDestination } from './aws-destination.ts';
import { fifoKeys, messageAttributes, messageText } from './message.ts';
import { regionOfQueueUrl } from './region-of.ts';
import type { SqsConfig } from './sqs-config.ts';

/** Sends each event to a queue. */
export const sqsKind: DestinationKind = {
  create(config, { aws }) {
    const { queue_url, region = regionOfQueueUrl(queue_url), endpoint: configured } = config as SqsConfig;
    // The SDK would find the same host by itself, with a warning on the console at every message.
    const endpoint = configured ?? new URL(queue_url).origin;
    return awsDestination<SendMessageRequest, SendMessageResult>(config, {
      connect: () => aws.sendMessage({ region, endpoint }),
      input: (payload) => ({
        QueueUrl: queue_url,
        MessageBody: messageText(payload.body),
        MessageAttributes: messageAttributes(payload),
        ...fifoKeys(queue_url, payload),
      }),
      countedTexts: ({ MessageBody, MessageAttributes = {} }) => [
        MessageBody,
        ...Object.entries(MessageAttributes).flatMap(([name, value]) => [
          name,
          value.DataType,
          value.StringValue,
        ]),
      ],
      judge: () => ({ outcome: 'delivered', statusCode: 200 }),
    });
  },
};
