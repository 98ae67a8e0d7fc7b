import * as z from 'zod';
import type { DestinationConfig } from '../destination-config.ts';
import { commonKeys, type KindConfig } from '../kind-config.ts';
import { awsKeys } from './aws-keys.ts';

const topicArn = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/;
const mustBeArn = 'must be the ARN of a topic, for example arn:aws:sns:eu-central-1:123456789012:incidents';

const schema = z.strictObject({
  ...commonKeys('sns'),
  topic_arn: z
    .string()
    .regex(/^arn:/, { error: mustBeArn })
    .describe('ARN of the topic; a FIFO topic keeps the order of each incident'),
  ...awsKeys,
});

export type SnsConfig = z.infer<typeof schema>;

export const snsConfig: KindConfig<'sns'> = {
  type: 'sns',
  schema,
  secretKeys: [],
  urlKeys: ['endpoint'],
  permissions: (config: DestinationConfig) => [
    { action: 'sns:Publish', resource: (config as SnsConfig).topic_arn },
  ],
  checkForDeploy: (config: DestinationConfig) =>
    topicArn.test((config as SnsConfig).topic_arn) ? [] : [{ key: 'topic_arn', message: mustBeArn }],
};
