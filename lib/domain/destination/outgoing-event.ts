import type { DeploymentEvent } from '../deployment/deployment-event.ts';
import type { IncidentEvent } from '../incident/incident-event.ts';

/** What goes out: frozen, in sequence within its subject, and written in each destination's own form. */
export type OutgoingEvent = IncidentEvent | DeploymentEvent;

export const isDeploymentEvent = (event: OutgoingEvent): event is DeploymentEvent => 'deployment' in event;

/** The id of what it is about, as people know it. */
export const aboutId = (event: OutgoingEvent): string =>
  isDeploymentEvent(event) ? event.deployment.id : event.incident.id;
