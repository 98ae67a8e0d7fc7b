import * as z from 'zod/mini';
import { type LeadTimeReason, leadTimeReasons } from './reasons.ts';

/**
 * How long the commits of a deployment were on their way, from commit to its finish: the body of a
 * `deployment.measured` event. `seconds` is the median of `commits` of them, else `reason` says why there is none.
 */
export interface LeadTime {
  /** The commit that was deployed before, and this deployment's: what lies between them was asked for. */
  base: string;
  head: string;
  /** Of the deployment, as it was told then. */
  finished_at: string;
  commits: number;
  /** Older than is looked back, and not counted. */
  left_out?: number | undefined;
  seconds?: number | undefined;
  reason?: LeadTimeReason | undefined;
}

const shape = z.object({
  base: z.string(),
  head: z.string(),
  finished_at: z.string(),
  commits: z.number(),
  left_out: z.optional(z.number()),
  seconds: z.optional(z.number()),
  reason: z.optional(z.enum(leadTimeReasons)),
});

export const sameQuestion = (a: Question, b: Question): boolean =>
  a.base === b.base && a.head === b.head && a.finished_at === b.finished_at;

type Question = Pick<LeadTime, 'base' | 'head' | 'finished_at'>;

/** Undefined for what a newer version has written. */
export function readLeadTime(content: unknown): LeadTime | undefined {
  const read = shape.safeParse(content);
  return read.success ? read.data : undefined;
}
