import { distance } from 'fastest-levenshtein';
import * as z from 'zod';

/** The event types there are today: PagerDuty's, those of incidents that are reported, and of deployments. */
export const knownEventTypes = [
  'deployment.changed',
  'deployment.finished',
  'incident.acknowledged',
  'incident.action_invocation.created',
  'incident.action_invocation.terminated',
  'incident.action_invocation.updated',
  'incident.annotated',
  'incident.conference_bridge.updated',
  'incident.custom_field_values.updated',
  'incident.delegated',
  'incident.deleted',
  'incident.escalated',
  'incident.incident_type.changed',
  'incident.priority_updated',
  'incident.reassigned',
  'incident.reopened',
  'incident.resolved',
  'incident.responder.added',
  'incident.responder.replied',
  'incident.role.assigned',
  'incident.service_updated',
  'incident.status_update_published',
  'incident.task.completed',
  'incident.task.created',
  'incident.task.updated',
  'incident.title_updated',
  'incident.triggered',
  'incident.unacknowledged',
  'incident.updated',
  'incident.urgency_updated',
  'incident.workflow.completed',
  'incident.workflow.started',
];

/** All types that begin so. */
const groups = ['incident.*', 'deployment.*'];

/** PagerDuty adds types at any time, so an unknown one is fine, unless it looks like a slip of the pen. */
const eventType = z
  .string()
  .regex(/^[a-z_]+(\.[a-z_]+)*\.([a-z_]+|\*)$/, {
    error: 'must be an event type such as incident.triggered',
  })
  .superRefine((type, context) => {
    if (knownEventTypes.includes(type) || groups.includes(type)) return;
    const meant = [...groups, ...knownEventTypes].find((known) => distance(known, type) <= 2);
    if (meant) context.addIssue({ code: 'custom', message: `is not an event type; did you mean ${meant}?` });
  });

export const eventFilter = z
  .array(eventType)
  .min(1, { error: 'must name at least one event type; leave it out to send all' })
  .describe(
    'Only these event types are sent, incident.* and deployment.* stand for all of their kind; default all but deployments',
  );
