import { cloudEventsAttributes } from './cloudevents-attributes.ts';
import type { Format } from './format.ts';

/** CloudEvents 1.0 in binary mode: attributes as `ce-` headers, the incident event as the body. */
export const cloudeventsBinary: Format = {
  name: 'cloudevents-binary',
  overHttpOnly: true,
  write: (event) => {
    const attributes = cloudEventsAttributes(event);
    const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, headerValue(value)]);
    return {
      contentType: 'application/json',
      eventType: attributes.type,
      body: JSON.stringify(event),
      headers: Object.fromEntries(headers),
    };
  },
};

/** HTTP binding 3.1.3.2: everything but printable ASCII without space, quote and percent is percent-encoded UTF-8. */
function headerValue(text: string): string {
  return text.replace(/[^\x21\x23\x24\x26-\x7e]+/g, (part) =>
    [...new TextEncoder().encode(part)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
