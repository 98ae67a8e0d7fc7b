import * as z from 'zod';
import { isLoopbackUrl, receiverUrl } from '../../config-values/receiver-url.ts';
import type { DestinationConfig } from '../destination-config.ts';
import { commonKeys, type KindConfig } from '../kind-config.ts';
import { arn, awsKeys } from './aws-keys.ts';
import { regionOfQueueUrl } from './region-of.ts';

/** `/<account>/<queue>` is how every queue URL ends, an emulator's included. */
const queuePath = /\/(\d{12})\/([A-Za-z0-9_-]{1,80}(?:\.fifo)?)\/?$/;

/** SQS under all its names: of a region, of FIPS, over IPv6 too, of old SDKs, of an endpoint in a VPC. */
const sqsHost =
  /^(?:sqs(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)|(?:[a-z0-9-]+\.)?queue\.amazonaws\.com(?:\.cn)?|[a-z0-9-]+\.sqs\.[a-z0-9-]+\.vpce\.amazonaws\.com(?:\.cn)?)$/;

const schema = z
  .strictObject({
    ...commonKeys('sqs'),
    queue_url: receiverUrl.describe('URL of the queue; a FIFO queue keeps the order of each incident'),
    ...awsKeys,
  })
  .superRefine(({ queue_url, endpoint }, context) => {
    // Requests, signed with the function's credentials, go to the endpoint or else to where this URL says.
    if (endpoint !== undefined || !URL.canParse(queue_url) || isLoopbackUrl(queue_url)) return;
    if (sqsHost.test(new URL(queue_url).hostname)) return;
    const message =
      'is not at SQS; a queue of AWS is at sqs.<region>.amazonaws.com, one elsewhere needs `endpoint` too';
    context.addIssue({ code: 'custom', path: ['queue_url'], message });
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
