import { announcementOf } from '../../../lib/domain/incident/announcement.ts';
import { detailOf } from '../../../lib/domain/incident/event-detail.ts';
import { foldAll } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import { renderIncidentEvent } from '../../../lib/domain/incident/render-incident-event.ts';
import { loggedEvent, sampleEvent, sampleTypes } from '../../support/webhooks.ts';

/** The sample event as it goes out, after a trigger that named the service. */
function sent(type: string) {
  const trigger = sampleEvent('incident.triggered');
  trigger.event.occurred_at = '2026-03-02T09:58:41.000Z';
  trigger.event.id = '00FIRST';
  const first = loggedEvent(trigger);
  const sample = sampleEvent(type);
  if (type === 'incident.triggered') sample.event.id = '00FIRST';
  const event = loggedEvent(sample);
  const { happened, by, detail } = announcementOf(event);
  return renderIncidentEvent({
    state: foldAll(event.incidentId, [first, event].map(toFoldEvent)),
    event,
    announcement: { what: happened, ...(by && { by }), ...(detail && { detail }) },
    match: { rule: 'team_name', services: [], team: 'payments', explanation: 'x' },
    config: { severity: {} },
    envHeader: undefined,
    sequence: 1,
    late: false,
  });
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

/** Every documented type: where in the incident event that stands which it announces. */
const announced: [type: string, path: string, value: unknown][] = [
  ['acknowledged', 'incident.status', 'acknowledged'],
  ['action_invocation.created', 'detail.action.summary', 'Restart the checkout workers'],
  ['action_invocation.terminated', 'detail.action.summary', 'Restart the checkout workers'],
  ['action_invocation.updated', 'detail.action.summary', 'Restart the checkout workers'],
  ['annotated', 'detail.content', 'Rolled back release 2026.9.1, latency is back to normal.'],
  [
    'conference_bridge.updated',
    'incident.conference_bridge.url',
    'https://meet.example.com/checkout-latency',
  ],
  ['custom_field_values.updated', 'incident.custom_fields.environment', 'prod'],
  ['delegated', 'incident.escalation_policy.name', 'Discovery primary'],
  ['escalated', 'incident.assignees.0.name', 'Tom Okafor'],
  ['incident_type.changed', 'incident.type', 'major_incident'],
  ['priority_updated', 'incident.priority', 'P1'],
  ['reassigned', 'incident.assignees.0.name', 'Tom Okafor'],
  ['reopened', 'incident.status', 'triggered'],
  ['resolved', 'incident.status', 'resolved'],
  ['responder.added', 'detail.user.summary', 'Tom Okafor'],
  ['responder.replied', 'detail.state', 'accepted'],
  ['role.assigned', 'detail.incident_role_assignments.0.role.summary', 'Incident Commander'],
  ['service_updated', 'pagerduty.service.name', 'Product Search'],
  [
    'status_update_published',
    'detail.message',
    'Checkout is slow for customers in Europe. A fix is being rolled out.',
  ],
  ['task.completed', 'detail.name', 'Check the payment gateway'],
  ['task.created', 'detail.name', 'Check the payment gateway'],
  ['task.updated', 'detail.name', 'Check the payment gateway'],
  ['title_updated', 'name', 'Checkout latency above 2 s in eu-central-1'],
  ['triggered', 'incident.key', 'latency/checkout-api/eu-central-1'],
  ['unacknowledged', 'incident.status', 'triggered'],
  ['urgency_updated', 'incident.urgency', 'low'],
  ['workflow.completed', 'detail.incident_workflow.summary', 'Open a war room'],
  ['workflow.started', 'detail.incident_workflow.summary', 'Open a war room'],
];

describe('an incident event', () => {
  it.each(announced)('incident.%s carries what it announces, at %s', (type, path, expected) => {
    expect(at(sent(`incident.${type}`), path)).toEqual(expected);
  });

  it('of every documented type is in that table', () => {
    const types = sampleTypes.filter((type) => type.startsWith('incident.')).map((type) => type.slice(9));
    expect(announced.map(([type]) => type)).toEqual(types.sort());
  });

  it('says what happened and who did it', () => {
    expect(sent('incident.annotated')).toMatchObject({
      what: 'Note added: "Rolled back release 2026.9.1, latency is back to normal." (Ana Ruiz)',
      by: { id: 'PANA4RZ', name: 'Ana Ruiz', type: 'person' },
      incident: { client: { name: 'Latency monitor' } },
    });
    expect(sent('incident.workflow.started').by).toBeUndefined();
  });

  it('of an integration says so', () => {
    const sample = sampleEvent('incident.triggered');
    sample.event.agent = { id: 'PSVC', type: 'service_reference', summary: 'Checkout API' };
    expect(announcementOf(loggedEvent(sample)).by).toEqual({
      id: 'PSVC',
      name: 'Checkout API',
      type: 'integration',
    });
  });
});

describe('the detail of a thin event', () => {
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

  it('leaves out the incident it refers to, at every place', () => {
    for (const type of ['incident.annotated', 'incident.role.assigned']) {
      expect(JSON.stringify(sent(type).detail)).not.toContain('incident_reference');
    }
  });

  it('is none where the event tells the whole incident, or nothing that can be read', () => {
    expect(sent('incident.triggered').detail).toBeUndefined();
    for (const data of [null, 'text', 7, [], {}, { id: 'P1' }]) expect(detailOf(data)).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a long note', { content: '🔥'.repeat(9000) }, ['content']],
    ['a long list', { list: Array.from({ length: 5000 }, () => 'an entry') }, ['list']],
    ['text inside', { user: { summary: 'ä'.repeat(9000) } }, ['user.summary']],
    ['very many keys', Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`key${n}`, n])), ['*']],
  ])('is at most 8 KB, says what was cut, and is text DynamoDB takes: %s', (_what, data, cut) => {
    const detail = detailOf({ type: 'incident_note', ...data });
    expect(bytes(detail)).toBeLessThanOrEqual(8192);
    expect(detail?.['cut']).toEqual(cut);
    expect(JSON.stringify(detail)).not.toMatch(/\\ud[89a-f]/i);
  });

  it('never fails on what nobody foresaw', () => {
    let deep: unknown = 'x'.repeat(10_000);
    for (let level = 0; level < 500; level += 1) deep = { deep };
    const detail = detailOf({ type: 'incident_note', __proto__: 1, deep, half: '\ud83d'.repeat(9000) });
    expect(bytes(detail)).toBeLessThanOrEqual(8192);
  });
});
