import { createHash } from 'node:crypto';
import type { EventPayload } from '../event-payload.ts';

export interface Attribute {
  DataType: 'String';
  StringValue: string;
}

/** SQS takes only the characters of XML 1.0; JSON escapes the controls, these two it leaves as they are. */
export function messageText(body: string): string {
  return body.replace(/[\uFFFE\uFFFF]/g, (character) => (character === '\uFFFE' ? '\\ufffe' : '\\uffff'));
}

/** What subscribers can filter by without reading the body. */
export function messageAttributes({
  messageId,
  contentType,
  facts,
}: EventPayload): Record<string, Attribute> {
  const texts = { event_id: messageId, content_type: contentType, ...facts };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      { DataType: 'String', StringValue: attributeText(text) },
    ]),
  );
}

/** FIFO queues and topics keep the order within a group, and drop a repeated id for 5 minutes. */
export function fifoKeys(target: string, { incidentId, messageId }: EventPayload) {
  if (!target.endsWith('.fifo')) return {};
  return { MessageGroupId: fifoKey(incidentId), MessageDeduplicationId: fifoKey(messageId) };
}

function attributeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF]/g, '\uFFFD');
}

/** At most 128 printable ASCII characters. */
function fifoKey(text: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(text) ? text : createHash('sha256').update(text).digest('hex');
}
