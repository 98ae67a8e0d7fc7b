import { isDeploymentEvent } from '../../../domain/destination/outgoing-event.ts';
import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';
import { cdDeployment } from './cdevents-deployment.ts';
import { accountUrl, cloudEventsAttributes } from './cloudevents-attributes.ts';
import type { Format } from './format.ts';

type CdEventsPredicate = 'detected' | 'reported' | 'resolved';

/**
 * A trigger is what monitoring detected, an acknowledgement is a person confirming it (the incident's page is the
 * ticket), and a reopen is the same disturbance detected again. All else has no counterpart in CDEvents.
 */
const predicates: Partial<Record<string, CdEventsPredicate>> = {
  'incident.triggered': 'detected',
  'incident.reopened': 'detected',
  'incident.acknowledged': 'reported',
  'incident.resolved': 'resolved',
};

/** CDEvents require an environment. An invented one would be a lie, "unknown" is what is known. */
const unknownEnvironment = 'unknown';

/** CDEvents 0.5.1 carried in CloudEvents 1.0, https://cdevents.dev. */
export const cdevents: Format = {
  name: 'cdevents',
  tellsFailures: true,
  write: (event) => {
    if (isDeploymentEvent(event)) return cdDeployment(event);
    const predicate = predicates[event.type];
    if (!predicate) return { skip: `no_cdevents_counterpart: ${event.type}` };
    // It was not restored, it goes on as another incident. Events frozen before `source` existed stay what they were.
    if (event.incident.merged_into !== null && event.source !== undefined) {
      return { skip: 'no_cdevents_counterpart: merged into another incident' };
    }
    if (predicate === 'reported' && !URL.canParse(event.incident.url ?? '')) {
      return { skip: 'no_cdevents_counterpart: reported needs a ticket, the incident has no url' };
    }
    const type = `dev.cdevents.incident.${predicate}.0.3.0`;
    const envelope = { ...cloudEventsAttributes(event), type, datacontenttype: 'application/json' };
    return {
      contentType: 'application/cloudevents+json',
      eventType: type,
      body: JSON.stringify({ ...envelope, data: cdEvent(event, type, predicate) }),
    };
  },
};

/** CDEvents schemas allow no other keys; everything that has no place in them is under customData. */
function cdEvent(event: IncidentEvent, type: string, predicate: CdEventsPredicate) {
  const [service, ...others] = event.services ?? [];
  return {
    context: {
      specversion: '0.5.1',
      id: event.id,
      source: accountUrl(event),
      type,
      timestamp: event.occurred_at,
    },
    subject: {
      id: event.incident.id,
      content: {
        ...(event.name === undefined ? {} : { description: event.name }),
        environment: { id: event.env ?? unknownEnvironment },
        // There is room for one service; of several, none is the one.
        ...(service !== undefined && others.length === 0 ? { service: { id: service } } : {}),
        ...(predicate === 'reported' ? { ticketURI: event.incident.url } : {}),
      },
    },
    customData: event,
  };
}
