import * as z from 'zod/mini';
import { derivedId } from '../../subject/derived-id.ts';
import { versions } from '../../subject/versions.ts';
import type { RunningVersion } from './running-version.ts';

/** The log in which it stands that a version of this service was seen in this environment. */
export function subjectOf({ service, env, namespace }: RunningVersion): string {
  const parts = [service, env ?? '', ...(namespace === undefined ? [] : [namespace])];
  return versions.key(parts.map(encodeURIComponent).join('/'));
}

export const sightingType = 'deployment.seen';

/** The id of the event that says that a version was seen at a time. */
export const sightingId = (subject: string, version: string, at: number): string =>
  derivedId([sightingType, subject, version, at]);

/** `at` in epoch milliseconds. Functions that see the same within one second write the same event. */
export function sightingEntry(running: RunningVersion, at: number) {
  const subject = subjectOf(running);
  return {
    subject,
    eventId: sightingId(subject, running.version, at),
    eventType: sightingType,
    occurredAtMs: at,
    body: JSON.stringify(running),
  };
}

const text = z.optional(z.string());
const runningVersion = z.object({
  service: z.string(),
  namespace: text,
  env: text,
  version: z.string(),
  commit_sha: text,
  repository_url: text,
  repository_id: text,
});

/** What the body of a `deployment.seen` event says; throws for anything else. */
export function readSighting(body: string): RunningVersion {
  return runningVersion.parse(JSON.parse(body));
}
