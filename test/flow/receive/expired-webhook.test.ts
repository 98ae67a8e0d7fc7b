import { webhookBody } from '../../support/webhooks.ts';
import { pinnedService } from '../deliver/five-events.ts';
import { createFixture, hook, minutes } from '../deliver/fixture.ts';
import { startUnrulyReceiver } from '../deliver/unruly-receiver.ts';

const day = 86_400_000;

/** A webhook that is received when what it tells of happened `ageMs` ago. */
async function captured(ageMs: number) {
  const [receiver, fixture] = [await startUnrulyReceiver(), await createFixture()];
  const bridge = fixture.bridge([hook('hook', receiver)], { retention_days: 400 });
  const body = webhookBody('incident.triggered', {
    id: 'OLD-1',
    at: new Date(fixture.clock.now() - ageMs).toISOString(),
    data: { id: 'QOLD', service: { id: pinnedService.id, type: 'service_reference' } },
  });
  const answer = await bridge.deliver(body);
  const again = await bridge.deliver(body);
  fixture.clock.advance(minutes(2));
  await bridge.sweep();
  await receiver.close();
  return { receiver, fixture, bridge, answers: [answer, again] };
}

describe('a webhook that was captured and is sent again', () => {
  it('beyond the retention is answered 202, kept as expired and processed by nobody', async () => {
    const { receiver, fixture, bridge, answers } = await captured(401 * day);
    for (const { status, body } of answers) {
      expect([status, JSON.parse(body)]).toEqual([202, { status: 'expired', event_id: 'OLD-1' }]);
    }
    expect(receiver.arrivals).toEqual([]);
    expect(fixture.rows('incidents')).toEqual([]);
    const [row, ...others] = fixture.rows('events');
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      incident_id: 'expired:OLD-1',
      event_id: 'OLD-1',
      outcome: 'skipped: expired',
      expires_at: expect.any(Number),
    });
    expect(row).not.toHaveProperty('due_at');
    expect(bridge.deps.telemetry.count('EventsExpired')).toBe(1);
  });

  it('within it is processed, once', async () => {
    const { receiver, fixture } = await captured(399 * day);
    expect(receiver.firstReceipts()).toEqual(['OLD-1']);
    expect(fixture.rows('incidents')).toMatchObject([{ incident_id: 'QOLD' }]);
  });
});
