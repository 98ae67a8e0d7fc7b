import type { Format } from './format.ts';

/** The incident event as it is in docs/events.md and its JSON Schema. */
export const event: Format = {
  name: 'event',
  write: (incidentEvent) => ({
    contentType: 'application/json',
    eventType: incidentEvent.type,
    body: JSON.stringify(incidentEvent),
  }),
};
