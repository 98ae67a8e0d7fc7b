import { items, member } from '../pagerduty/loose.ts';
import { readJson } from './reading.ts';

/** A CDEvent, with what the CloudEvent around it says. */
export interface Carried {
  data: unknown;
  /** Attributes of the CloudEvent; none where the CDEvent was sent by itself. */
  envelope: Readonly<Record<string, unknown>>;
}

/** Headers in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** More than anybody sends at once. */
export const mostInBatch = 100;

/**
 * What a request carries: a CloudEvent that is all of the body (structured), one whose attributes are headers
 * (binary), a list of the first kind (batch), or the CDEvent alone. The body tells which: a content type is easily
 * forgotten. Undefined for what is not JSON.
 * https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md
 */
export function carriedEvents(headers: Headers, body: string): Carried[] | undefined {
  const content = readJson(body);
  if (content === undefined) return undefined;
  const batch = items(content);
  if (batch !== undefined) return batch.slice(0, mostInBatch + 1).map(structured);
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice(3), value] as const] : [],
  );
  return attributes.length === 0
    ? [structured(content)]
    : [{ data: content, envelope: Object.fromEntries(attributes) }];
}

function structured(content: unknown): Carried {
  const encoded = member(content, 'data_base64');
  const data = typeof encoded === 'string' ? decoded(encoded) : member(content, 'data');
  if (data === undefined) return { data: content, envelope: {} };
  const { id, source, type, time } = content as Record<string, unknown>;
  return { data, envelope: { id, source, type, time } };
}

const decoded = (encoded: string): unknown => readJson(Buffer.from(encoded, 'base64').toString('utf8'));
