import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import type { DestinationKind } from '../kind.ts';
import { awsDestination } from './aws-destination.ts';
import { fifoKeys, messageAttributes, messageText } from './message.ts';
import { regionOfArn } from './region-of.ts';
import type { SnsConfig } from './sns-config.ts';

/** Publishes each event to a topic; subscriptions can filter on the message attributes. */
export const snsKind: DestinationKind = {
  create(config, { aws }) {
    const { topic_arn, region = regionOfArn(topic_arn), endpoint } = config as SnsConfig;
    return awsDestination<PublishInput, PublishResponse>(config, {
      connect: () => aws.publish({ region, endpoint }),
      input: (payload) => ({
        TopicArn: topic_arn,
        Message: messageText(payload.body),
        MessageAttributes: messageAttributes(payload),
        ...fifoKeys(topic_arn, payload),
      }),
      countedTexts: ({ Message, MessageAttributes = {} }) => [
        Message,
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
