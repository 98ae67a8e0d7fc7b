import { items, member, readName, readReference, readText } from '../pagerduty/loose.ts';

/**
 * What happened, in words, by event type. A text is the whole sentence, a function adds what the data tells.
 * The keys are every documented event type; a test holds them and the sample events together.
 */
const headlines: Record<string, string | ((data: unknown) => string)> = {
  'incident.triggered': 'Triggered',
  'incident.acknowledged': 'Acknowledged',
  'incident.unacknowledged': 'No longer acknowledged',
  'incident.resolved': 'Resolved',
  'incident.reopened': 'Reopened',
  'incident.escalated': (data) => `Escalated${to(names(member(data, 'assignees')))}`,
  'incident.reassigned': (data) => `Reassigned${to(names(member(data, 'assignees')))}`,
  'incident.delegated': (data) => `Delegated${to(nameOf(member(data, 'escalation_policy')))}`,
  'incident.priority_updated': 'Priority set',
  'incident.urgency_updated': 'Urgency set',
  'incident.title_updated': 'Title changed',
  'incident.service_updated': 'Moved to another service',
  'incident.incident_type.changed': 'Incident type changed',
  'incident.annotated': (data) => `Note added${quote(member(data, 'content'))}`,
  'incident.custom_field_values.updated': 'Custom fields set',
  'incident.conference_bridge.updated': (data) =>
    `Conference bridge set${quote(member(data, 'conference_url'))}`,
  'incident.responder.added': (data) => `Asked ${nameOf(member(data, 'user')) ?? 'a responder'} to help`,
  'incident.responder.replied': (data) =>
    `${nameOf(member(data, 'user')) ?? 'A responder'} replied${quote(member(data, 'state'))}`,
  'incident.status_update_published': (data) => `Status update published${quote(member(data, 'message'))}`,
  'incident.role.assigned': (data) => roles(data),
  'incident.task.created': (data) => `Task created${quote(taskName(data))}`,
  'incident.task.updated': (data) => `Task updated${quote(taskName(data))}`,
  'incident.task.completed': (data) => `Task completed${quote(taskName(data))}`,
  'incident.workflow.started': (data) => `Workflow started${quote(workflowName(data))}`,
  'incident.workflow.completed': (data) => `Workflow completed${quote(workflowName(data))}`,
  'incident.action_invocation.created': (data) => `Action started${quote(actionName(data))}`,
  'incident.action_invocation.updated': (data) => `Action went on${quote(actionName(data))}`,
  'incident.action_invocation.terminated': (data) => `Action ended${quote(actionName(data))}`,
  'service.created': (data) => `Service created${quote(readName(data))}`,
  'service.updated': (data) => `Service updated${quote(readName(data))}`,
  'service.deleted': (data) => `Service deleted${quote(readName(data))}`,
  'service.custom_field_values.updated': 'Custom fields of the service set',
  'pagey.ping': 'Test event',
};

export const describedEventTypes: readonly string[] = Object.keys(headlines);

export function headline(eventType: string, data: unknown): string {
  const found = Object.hasOwn(headlines, eventType) ? headlines[eventType] : undefined;
  if (found === undefined)
    return `${readText(eventType, 80) ?? 'Event'} (a type this bridge has no words for)`;
  return typeof found === 'string' ? found : found(data);
}

function roles(data: unknown): string {
  const said = (items(member(data, 'incident_role_assignments')) ?? []).slice(0, 5).map((assignment) => {
    const role = nameOf(member(assignment, 'role')) ?? 'A role';
    const assignee = nameOf(member(assignment, 'assignee'));
    return assignee === undefined ? `${role} unassigned` : `${role} assigned to ${assignee}`;
  });
  return said.length > 0 ? said.join(', ') : 'Role assigned';
}

const taskName = (data: unknown) => readText(member(data, 'name')) ?? readText(member(data, 'summary'));
const workflowName = (data: unknown) =>
  nameOf(member(data, 'incident_workflow')) ?? readText(member(data, 'summary'));
const actionName = (data: unknown) => nameOf(member(data, 'action'));

/** The name, or the id where there is none. */
function nameOf(reference: unknown): string | undefined {
  return readName(reference) ?? readReference(reference)?.id;
}

function names(references: unknown): string | undefined {
  const list = (items(references) ?? []).map(nameOf).filter((name) => name !== undefined);
  return list.length > 0 ? list.slice(0, 5).join(', ') : undefined;
}

const to = (whom: string | undefined) => (whom === undefined ? '' : ` to ${whom}`);

function quote(value: unknown): string {
  const text = readText(value, 120)?.replace(/\s+/g, ' ').trim();
  return text === undefined ? '' : `: "${text}"`;
}
