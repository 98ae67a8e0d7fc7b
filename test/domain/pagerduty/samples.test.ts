import { parseTimestamp } from '../../../lib/domain/pagerduty/timestamp.ts';
import { sampleEvent, sampleTypes } from '../../support/webhooks.ts';

/** The event types PagerDuty documents, by the type of their data; two more were seen in captured traffic. */
const documented: Record<string, string[]> = {
  incident: [
    'incident.acknowledged',
    'incident.delegated',
    'incident.escalated',
    'incident.incident_type.changed',
    'incident.priority_updated',
    'incident.reassigned',
    'incident.reopened',
    'incident.resolved',
    'incident.service_updated',
    'incident.title_updated',
    'incident.triggered',
    'incident.unacknowledged',
    'incident.urgency_updated',
  ],
  incident_note: ['incident.annotated'],
  incident_field_values: ['incident.custom_field_values.updated'],
  incident_conference_bridge: ['incident.conference_bridge.updated'],
  incident_responder: ['incident.responder.added', 'incident.responder.replied'],
  incident_status_update: ['incident.status_update_published'],
  incident_role_assignment: ['incident.role.assigned'],
  incident_task: ['incident.task.created', 'incident.task.updated', 'incident.task.completed'],
  incident_workflow_instance: ['incident.workflow.started', 'incident.workflow.completed'],
  incident_action_invocation: [
    'incident.action_invocation.created',
    'incident.action_invocation.updated',
    'incident.action_invocation.terminated',
  ],
  service: ['service.created', 'service.updated', 'service.deleted'],
  service_field_values: ['service.custom_field_values.updated'],
  ping: ['pagey.ping'],
};

describe('the sample events', () => {
  it('are one of each documented type', () => {
    expect(sampleTypes).toEqual(Object.values(documented).flat().sort());
  });

  it('have ids of their own', () => {
    expect(new Set(sampleTypes.map((type) => sampleEvent(type).event.id)).size).toBe(sampleTypes.length);
  });

  const rows = Object.entries(documented).flatMap(([dataType, types]) =>
    types.map((type) => [type, dataType] as const),
  );
  it.each(rows)('%s has data of type %s and the envelope of its type', (type, dataType) => {
    const { event } = sampleEvent(type);
    expect(event).toMatchObject({
      event_type: type,
      resource_type: type.split('.')[0],
      data: { type: dataType },
    });
    expect(parseTimestamp(event.occurred_at)).toBeDefined();
    expect(event).toHaveProperty('agent');
    expect(event).toHaveProperty('client');
  });

  it('that are no snapshots have no status, service or teams that could be taken for the incident’s', () => {
    for (const [type, dataType] of rows) {
      const { data } = sampleEvent(type).event;
      if (dataType === 'incident' || dataType === 'service') continue;
      expect(data).not.toHaveProperty('teams');
      if (dataType !== 'incident_task') expect(data).not.toHaveProperty('status');
    }
  });
});
