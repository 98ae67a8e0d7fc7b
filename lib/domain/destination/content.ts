import type { DeploymentEvent } from '../deployment/deployment-event.ts';
import type { IncidentEvent } from '../incident/incident-event.ts';
import { isDeploymentEvent, type OutgoingEvent } from './outgoing-event.ts';

/** How much of an incident event a destination gets. People's texts can hold private matter. */
export const contentLevels = ['full', 'minimal'] as const;
export type Content = (typeof contentLevels)[number];

/**
 * The event as a destination may have it. `minimal` has no text a person wrote and names no person: what remains is
 * which incident, whose it is, its state and its times. Pure, so that the bytes of a level never change.
 */
export function withContent(event: OutgoingEvent, content: Content): OutgoingEvent {
  if (content === 'full') return event;
  return isDeploymentEvent(event) ? withoutTags(event) : minimal(event);
}

/** Tags are free text. */
function withoutTags(event: DeploymentEvent): DeploymentEvent {
  const { custom_tags: _tags, ...deployment } = event.deployment;
  return { ...event, deployment };
}

function minimal(event: IncidentEvent): IncidentEvent {
  const { name: _name, what: _what, by: _by, detail: _detail, incident, ...facts } = event;
  const {
    assignees: _assignees,
    client: _client,
    conference_bridge: _bridge,
    custom_tags: _tags,
    ...known
  } = incident;
  const { cause, ...others } = facts;
  // Version 1 promises `custom_fields`, so it stays, empty.
  return { ...others, ...withoutNote(cause), incident: { ...known, custom_fields: {} } };
}

/** Who said it, and what they noted, is in the explanation. */
function withoutNote(cause: IncidentEvent['cause']): Pick<IncidentEvent, 'cause'> {
  if (cause?.rule !== 'person') return cause ? { cause } : {};
  const { explanation: _explanation, ...facts } = cause;
  return { cause: facts };
}
