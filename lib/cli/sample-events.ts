import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { closest, distance } from 'fastest-levenshtein';
import { failed, wrongUsage } from './io.ts';

/** One sample webhook per event type, named after it; the tests use the same ones. */
const folder = new URL('../../test/fixtures/events/', import.meta.url);

export async function sampleEventTypes(): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** The sample as if it happened now: with an id of its own, since the bridge takes every event once. */
export async function sampleEvent(eventType: string, nowMs: number): Promise<Record<string, unknown>> {
  const known = await sampleEventTypes();
  if (!known.includes(eventType)) {
    const near = closest(eventType, known);
    const hint = distance(eventType, near) <= 5 ? ` Did you mean ${near}?` : '';
    throw wrongUsage(
      `There is no sample of "${eventType}".${hint} \`pdbridge trigger --list\` names those there are.`,
    );
  }
  const body = JSON.parse(await readFile(new URL(`${eventType}.json`, folder), 'utf8')) as {
    event?: { data?: { type?: string; created_at?: string; reopened_at?: string | null } } & Record<
      string,
      unknown
    >;
  };
  if (!body.event) throw failed('bad_sample', `The sample of ${eventType} holds no event.`);
  body.event['id'] = randomUUID();
  body.event['occurred_at'] = new Date(nowMs).toISOString();
  const { data } = body.event;
  // An incident triggered now began now; the others belong to one whose beginning is not known here.
  if (data?.type === 'incident') {
    const seconds = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
    if (eventType === 'incident.triggered') data.created_at = seconds;
    else delete data.created_at;
    if (data.reopened_at) data.reopened_at = seconds;
  }
  return body;
}
