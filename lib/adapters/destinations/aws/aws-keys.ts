import * as z from 'zod';
import { receiverUrl } from '../../config-values/receiver-url.ts';
import { formatName } from '../formats/format-name.ts';
import { timeoutSeconds } from '../kind-config.ts';

/** The keys every AWS destination has beside the common ones. */
export const awsKeys = {
  format: formatName.optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'must be an AWS region such as eu-central-1' })
    .optional()
    .describe("Default: the one in the ARN or URL, else the bridge's own"),
  endpoint: receiverUrl
    .optional()
    .describe('Instead of the region’s own endpoint: a VPC endpoint or an emulator'),
  timeout_seconds: timeoutSeconds,
};

/** An ARN of this deployment's account and region where the configuration names no other. */
export function arn(
  service: string,
  region: string | undefined,
  account: string | undefined,
  resource: string,
): string {
  const place = `${region ?? pseudo('Region')}:${account ?? pseudo('AccountId')}`;
  return `arn:${pseudo('Partition')}:${service}:${place}:${resource}`;
}

/** A CloudFormation pseudo parameter as Fn::Sub wants it. */
const pseudo = (name: string): string => `\${AWS::${name}}`;
