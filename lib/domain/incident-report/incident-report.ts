import * as z from 'zod/mini';
import { wellFormed } from '../text/well-formed.ts';

/**
 * What another program tells of an incident: the body of its row in the log, as JSON. Each report says what its
 * sender knew then, so start and end may come in two.
 */
export interface IncidentReport {
  /** The program's kind: `dora_api`, `cdevents`, … */
  source: string;
  /** As the sender gave it; absent where it gave none. */
  external_id?: string;
  services: readonly string[];
  team?: string;
  /** As the sender calls it. */
  env?: string;
  name?: string;
  severity?: string;
  version?: string;
  commit_sha?: string;
  /** Without user name and password. */
  repository_url?: string;
  repository_id?: string;
  /** ISO 8601, UTC, milliseconds, as every time here. Senders that tell events rather than incidents leave it out. */
  started_at?: string;
  /** A moment it was going on, as those tell it: the earliest is its start where nobody says `started_at`. */
  seen_at?: string;
  /** Absent: not over, as far as this report tells. */
  finished_at?: string;
  custom_tags: readonly string[];
}

const text = z.string().check(z.minLength(1));
const time = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));

/** Keys that a later version adds are left out. */
const report = z.object({
  source: text,
  external_id: z.optional(text),
  services: z.array(text),
  team: z.optional(text),
  env: z.optional(text),
  name: z.optional(text),
  severity: z.optional(text),
  version: z.optional(text),
  commit_sha: z.optional(text),
  repository_url: z.optional(text),
  repository_id: z.optional(text),
  started_at: z.optional(time),
  seen_at: z.optional(time),
  finished_at: z.optional(time),
  custom_tags: z.array(z.string()),
});

/** The report in a row's body; undefined if it is none. */
export function readReport(body: string): IncidentReport | undefined {
  try {
    return report.safeParse(JSON.parse(body)).data as IncidentReport | undefined;
  } catch {
    return undefined;
  }
}

/** The form in which reports that say the same are the same text: keys in one order, lists sorted, each item once. */
export function reportBody(told: IncidentReport): string {
  const sorted = (list: readonly string[]) => [...new Set(list.map(wellFormed))].sort();
  const written = Object.keys(report.shape).map((key) => {
    const value = told[key as keyof IncidentReport];
    return [key, typeof value === 'string' ? wellFormed(value) : value && sorted(value)];
  });
  return JSON.stringify(Object.fromEntries(written));
}
