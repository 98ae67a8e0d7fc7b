import * as z from 'zod';
import { contentLevels } from '../../domain/destination/content.ts';
import { selection } from '../config-values/selection.ts';
import type { DestinationConfig } from './destination-config.ts';
import { eventFilter } from './event-filter.ts';

/** What a destination type says about its configuration. Read by the command line and the build, never at run time. */
export interface KindConfig<Name extends string = string> {
  type: Name;
  /** It takes incidents for failures, so it must be told of every end. */
  tellsFailures?: true;
  /** Strict: an unknown key is an error. */
  schema: z.ZodObject;
  /** Keys whose values are secret references. */
  secretKeys: string[];
  /** Keys whose values are URLs requests go to; a deploy refuses loopback there. */
  urlKeys: string[];
  /** What the sending functions must be allowed to do. `${AWS::…}` stands for CloudFormation's pseudo parameters. */
  permissions(config: DestinationConfig): Permission[];
  /** In which further ways it tells of incidents, each in a line of its own; see lanes.ts. */
  lanes?(config: DestinationConfig): string[];
  /** What must be right before it can be deployed, beyond what holds for every type. */
  checkForDeploy?(config: DestinationConfig): KindFinding[];
  /** What `incidents rematch --resend` can do about what it was told; left out by those who are told events. */
  correction?(config: DestinationConfig): string;
  /** What is allowed and probably not meant. */
  warnings?(config: DestinationConfig): KindFinding[];
}

export interface KindFinding {
  key: string;
  message: string;
}

export interface Permission {
  action: string;
  resource: string;
}

/** A name is part of database keys, log lines and metric dimensions, so it is plain. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, {
    error: 'must be 1 to 64 characters of a-z, 0-9, _ and -, beginning with a letter or digit',
  })
  .describe('Unique; deliveries are kept under this name, so a renamed destination is a new one');

/** The keys every destination has. */
export const commonKeys = <T extends string>(type: T) => ({
  name,
  type: z.literal(type),
  events: eventFilter.optional(),
  only: selection.optional().describe('Only these incidents; default all, or all that count'),
  content: z
    .enum(contentLevels)
    .optional()
    .describe('minimal leaves out all that people wrote and who they are; default full'),
  history: z
    .boolean()
    .optional()
    .describe('Send incidents of the past too, as `pdbridge import` reads them; default false'),
  max_in_flight: z
    .int({ error: 'must be a whole number, 1 to 100' })
    .min(1, { error: 'must be at least 1' })
    .max(100, { error: 'must be at most 100' })
    .optional()
    .describe('So many deliveries at most are under way at once; default 8 to 32 while it catches up'),
});

/** Longest time one attempt may take. */
export const timeoutSeconds = z
  .number({ error: 'must be a number of seconds, 1 to 30' })
  .min(1, { error: 'must be at least 1 second' })
  .max(30, { error: 'must be at most 30 seconds' })
  .optional()
  .describe('Longest time one attempt may take; default 10');
