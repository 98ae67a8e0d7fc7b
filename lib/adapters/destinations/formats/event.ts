import type { Format } from './format.ts';

/** The event as it is in docs/events.md and its JSON Schema. */
export const event: Format = {
  name: 'event',
  write: (given) => ({
    contentType: 'application/json',
    eventType: given.type,
    body: JSON.stringify(given),
  }),
};
