import {
  aboutId,
  isDeploymentEvent,
  type OutgoingEvent,
} from '../../../domain/destination/outgoing-event.ts';
import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';

/** Required and optional context attributes of CloudEvents 1.0, https://github.com/cloudevents/spec. */
export interface CloudEventsAttributes {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  time: string;
}

export function cloudEventsAttributes(event: OutgoingEvent): CloudEventsAttributes {
  const deployment = isDeploymentEvent(event);
  return {
    specversion: '1.0',
    id: event.id,
    source: deployment ? 'urn:pdbridge:deployments' : accountUrl(event),
    type: `${!deployment && event.pagerduty ? 'com.pagerduty' : 'dev.pdbridge'}.${event.type}`,
    subject: aboutId(event),
    time: event.occurred_at,
  };
}

/** The PagerDuty account an incident belongs to; a URN where no URL tells, since a source is required. */
export function accountUrl({ incident, pagerduty, source }: IncidentEvent): string {
  if (pagerduty === undefined) return `urn:pdbridge:${source}`;
  const url = [incident.url, pagerduty.service.url].find((each) => each !== undefined && URL.canParse(each));
  const origin = url === undefined ? 'null' : new URL(url).origin;
  return origin === 'null' ? 'urn:pagerduty' : origin;
}
