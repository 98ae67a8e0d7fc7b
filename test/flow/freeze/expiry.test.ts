import { pinService } from '../../../lib/store/mappings/mappings.ts';
import { webhookBody } from '../../support/webhooks.ts';
import { createFixture, minute } from './fixture.ts';

const service = { id: 'PEXPIRY', type: 'service_reference', summary: 'Expiry', html_url: null };
const event = (type: string, status: string, at: number) =>
  webhookBody(type, { at: minute(at), data: { id: 'QEXPIRY', created_at: minute(0), status, service } });

async function resolved() {
  const fixture = createFixture();
  await pinService(fixture.store, 'PEXPIRY', { services: ['checkout-api'] });
  const bridge = fixture.bridge();
  await bridge.deliver(event('incident.triggered', 'triggered', 0));
  await bridge.deliver(event('incident.resolved', 'resolved', 5));
  const { expires_at: expiresAt } = await fixture.row('QEXPIRY');
  expect(expiresAt).toEqual(expect.any(Number));
  return { ...fixture, handler: bridge, expiresAt };
}

describe('the expiry of a settled incident', () => {
  it('stays when the stream delivers a record of it again', async () => {
    const { handler, rowsOf, row, expiresAt } = await resolved();
    for (const { log_key: key } of await rowsOf('events', 'QEXPIRY')) {
      await handler.wake('QEXPIRY', String(key));
    }
    expect(await row('QEXPIRY')).toMatchObject({ forwarding: 'settled', expires_at: expiresAt });
  });

  it('goes when the incident is reopened', async () => {
    const { handler, row } = await resolved();
    await handler.deliver(event('incident.reopened', 'triggered', 9));
    expect(await row('QEXPIRY')).not.toHaveProperty('expires_at');
  });
});
