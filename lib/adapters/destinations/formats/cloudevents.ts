import { cloudEventsAttributes } from './cloudevents-attributes.ts';
import type { Format } from './format.ts';

/** CloudEvents 1.0 in structured mode: one JSON document, the incident event as `data`. */
export const cloudevents: Format = {
  name: 'cloudevents',
  write: (event) => {
    const attributes = cloudEventsAttributes(event);
    return {
      contentType: 'application/cloudevents+json',
      eventType: attributes.type,
      body: JSON.stringify({ ...attributes, datacontenttype: 'application/json', data: event }),
    };
  },
};
