import { readCdEvents } from '../../../domain/ci/cdevents.ts';
import { ciWebhook } from '../ci/webhook.ts';
import { keysFor } from '../keys.ts';

/** CDEvents from whatever sends them, with the API key of those who report. */
export const cdevents = ciWebhook({
  name: 'cdevents',
  credentials: (deps) => keysFor('reporting', deps),
  read: readCdEvents,
  whenMismatched: 'check DD-API-KEY or X-Api-Key against ingest.api_keys',
});
