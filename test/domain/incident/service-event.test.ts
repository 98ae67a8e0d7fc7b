import { serviceFacts } from '../../../lib/domain/incident/service-event.ts';
import { loggedEvent, sampleEvent, sampleTypes, webhookBody } from '../../support/webhooks.ts';
import { events } from './support.ts';

const url = 'https://acme.pagerduty.com/services/PF9KMXH';

describe('a service event', () => {
  it('tells name, page and teams of a service', () => {
    expect(serviceFacts(loggedEvent(sampleEvent('service.updated')))).toEqual({
      id: 'PF9KMXH',
      name: 'Checkout',
      url,
      teams: [
        { id: 'PFCVPS0', name: 'Payments' },
        { id: 'PDSCVR1', name: 'Discovery' },
      ],
      deleted: false,
      occurredAt: '2026-02-18T08:41:27.203Z',
    });
  });

  it('tells that a service was deleted', () => {
    expect(serviceFacts(loggedEvent(sampleEvent('service.deleted')))).toMatchObject({
      id: 'PF9KMXH',
      deleted: true,
      teams: [],
    });
  });

  it('does not say what it does not know', () => {
    const body = webhookBody('service.created', {
      at: '2026-03-02T10:00:00Z',
      data: { summary: 'Only a summary', name: undefined, teams: null, html_url: null },
    });
    const facts = serviceFacts(loggedEvent(body));
    expect(facts).toEqual({
      id: 'PF9KMXH',
      name: 'Only a summary',
      deleted: false,
      occurredAt: '2026-03-02T10:00:00.000Z',
    });
  });

  const others = sampleTypes.filter(
    (type) => type.startsWith('incident.') || type === 'service.custom_field_values.updated',
  );
  it.each(others)('is not %s', (type) => {
    expect(serviceFacts(loggedEvent(sampleEvent(type)))).toBeUndefined();
  });

  it('is not an event whose body cannot be read', () => {
    const [event] = events([['10:00:00', 'service.created']]);
    if (event === undefined) throw new Error('one event');
    expect(serviceFacts({ ...event, body: '{' })).toBeUndefined();
  });
});
