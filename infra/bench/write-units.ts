import { pinService } from '../../lib/store/mappings/mappings.ts';
import { createTestBridge, signingSecret } from '../../test/support/bridge.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { type WebhookBody, webhookBody } from '../../test/support/webhooks.ts';
import { meteredStore } from './metered-store.ts';

export interface WriteUnitsFigures {
  bodyBytes: number;
  receive: number;
  /** Everything, per webhook, of an incident's first event. */
  firstEvent: number;
  /** The same, averaged over triggered, acknowledged and resolved. */
  perEvent: number;
  base: number;
  index: number;
  byTable: Record<string, number>;
}

/** Pads the body to the size of a usual webhook. */
function padded(body: WebhookBody, bytes: number): WebhookBody {
  const missing = bytes - JSON.stringify(body).length;
  return missing > 20
    ? { event: { ...body.event, data: { ...body.event.data, padding: 'x'.repeat(missing - 13) } } }
    : body;
}

/** Write units per webhook with two webhook destinations that answer at once. */
export async function measureWriteUnits(bodyBytes = 3_000): Promise<WriteUnitsFigures> {
  const database = await startTestDatabase();
  const receiver = await startReceiver();
  try {
    const { store, units, reset } = meteredStore(database.store);
    const hook = (name: string) => ({ name, type: 'webhook', url: receiver.url, secret: 'env:HOOK' });
    const bridge = createTestBridge(store, {
      config: { destinations: [hook('one'), hook('two')] },
      secrets: {
        'env:SIGNING': [signingSecret],
        'env:HOOK': [`whsec_${Buffer.alloc(32).toString('base64')}`],
      },
    });
    await pinService(database.store, 'PBENCH', { services: ['checkout-api'], team: 'payments' });
    const service = {
      id: 'PBENCH',
      type: 'service_reference',
      summary: 'Checkout API',
      html_url: 'https://acme.pagerduty.com/services/PBENCH',
    };
    const body = (type: string, minute: number, status: string) =>
      padded(
        webhookBody(type, {
          at: new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString(),
          data: { id: 'Q2CKYRLH85UNN4', status, service },
        }),
        bodyBytes,
      );
    const first = body('incident.triggered', 0, 'triggered');
    await bridge.send(first);
    const receive = units.base + units.index;
    reset();
    // The stream wakes the worker for what the first call appended.
    const key = await logKeyOf(database.store);
    await bridge.wake('Q2CKYRLH85UNN4', key);
    const firstEvent = receive + units.base + units.index;
    const byTable = { ...units.byTable, events: (units.byTable['events'] ?? 0) + receive };
    const split = { base: units.base, index: units.index };
    reset();
    await bridge.deliver(body('incident.acknowledged', 1, 'acknowledged'));
    await bridge.deliver(body('incident.resolved', 5, 'resolved'));
    const perEvent = (firstEvent + units.base + units.index) / 3;
    return { bodyBytes: JSON.stringify(first).length, receive, firstEvent, perEvent, ...split, byTable };
  } finally {
    await receiver.close();
    await database.stop();
  }
}

async function logKeyOf(store: Parameters<typeof pinService>[0]): Promise<string> {
  const { readLog } = await import('../../lib/store/events/events.ts');
  const [event] = await readLog(store, 'Q2CKYRLH85UNN4');
  if (!event) throw new Error('nothing was written down');
  return event.logKey;
}
