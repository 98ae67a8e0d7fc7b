import * as z from 'zod';
import type { DestinationConfig } from '../destination-config.ts';
import { commonKeys, type KindConfig } from '../kind-config.ts';
import { arn, awsKeys } from './aws-keys.ts';

const schema = z.strictObject({
  ...commonKeys('eventbridge'),
  bus: z
    .string()
    .regex(/^(arn:[a-z-]+:events:[a-z0-9-]+:\d{12}:event-bus\/)?[A-Za-z0-9/._-]{1,256}$/, {
      error: 'must be the name or ARN of an event bus, for example default',
    })
    .default('default')
    .describe('Name or ARN of the event bus; default "default"'),
  ...awsKeys,
});

export type EventBridgeConfig = z.infer<typeof schema>;

export const eventBridgeConfig: KindConfig<'eventbridge'> = {
  type: 'eventbridge',
  schema,
  secretKeys: [],
  urlKeys: ['endpoint'],
  permissions(config: DestinationConfig) {
    const { bus, region } = config as EventBridgeConfig;
    const resource = bus.startsWith('arn:') ? bus : arn('events', region, undefined, `event-bus/${bus}`);
    return [{ action: 'events:PutEvents', resource }];
  },
};
