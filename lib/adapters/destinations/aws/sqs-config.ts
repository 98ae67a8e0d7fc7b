import * as z from 'zod';
import { receiverUrl } from '../../config-values/receiver-url.ts';
import type { DestinationConfig } from '../destination-config.ts';
import { commonKeys, type KindConfig } from '../kind-config.ts';
import { arn, awsKeys } from './aws-keys.ts';
import { regionOfQueueUrl } from './region-of.ts';

/** `/<account>/<queue>` is how every queue URL ends, an emulator's included. */
const queuePath = /\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)\/?$/;

const schema = z.strictObject({
  ...commonKeys('sqs'),
  queue_url: receiverUrl.describe('URL of the queue; a FIFO queue keeps the order of each incident'),
  ...awsKeys,
});

export type SqsConfig = z.infer<typeof schema>;

export const sqsConfig: KindConfig<'sqs'> = {
  type: 'sqs',
  schema,
  secretKeys: [],
  urlKeys: ['queue_url', 'endpoint'],
  permissions(config: DestinationConfig) {
    const { queue_url, region } = config as SqsConfig;
    const [, account, queue = ''] = queuePath.exec(queue_url) ?? [];
    return [
      {
        action: 'sqs:SendMessage',
        resource: arn('sqs', region ?? regionOfQueueUrl(queue_url), account, queue),
      },
    ];
  },
  /** The role can only be limited to this queue if the URL says which one it is. */
  checkForDeploy(config: DestinationConfig) {
    if (queuePath.test((config as SqsConfig).queue_url)) return [];
    const message =
      'must end with the account and the queue, as in https://sqs.eu-central-1.amazonaws.com/123456789012/incidents';
    return [{ key: 'queue_url', message }];
  },
};
