import { pinService } from '../../lib/store/mappings/mappings.ts';
import { createTestBridge } from '../../test/support/bridge.ts';
import { startTestDatabase } from '../../test/support/dynalite.ts';
import { startReceiver } from '../../test/support/receiver.ts';
import { webhookBody } from '../../test/support/webhooks.ts';
import { median } from './receive-cpu.ts';

export interface LongIncidentFigures {
  events: number;
  /** Median time to receive, process and deliver one event: among the first and among the last hundred. */
  firstMillis: number;
  lastMillis: number;
  ratio: number;
  /** Read and write units per event as the database reports them, likewise. */
  firstUnits: number;
  lastUnits: number;
  delivered: number;
}

/** An incident that flaps: what one more event costs must not grow with the number of events before it. */
export async function measureLongIncident(events = 2_000): Promise<LongIncidentFigures> {
  const database = await startTestDatabase();
  const receiver = await startReceiver();
  try {
    let units = 0;
    const send = async (command: { input: Record<string, unknown> }) => {
      command.input['ReturnConsumedCapacity'] = 'TOTAL';
      const answer = await database.store.db.send(command);
      units += Number(answer.ConsumedCapacity?.CapacityUnits ?? 0);
      return answer;
    };
    const bridge = createTestBridge(
      { ...database.store, db: { send } },
      {
        config: { destinations: [{ name: 'hook', type: 'webhook', url: receiver.url, secret: 'env:HOOK' }] },
        secrets: { 'env:HOOK': [`whsec_${Buffer.alloc(32).toString('base64')}`] },
      },
    );
    await pinService(database.store, 'PLONG', { services: ['flapping'], team: 'core' });
    const service = { id: 'PLONG', type: 'service_reference', summary: 'Flapping' };
    const cycle = [
      ['incident.triggered', 'triggered'],
      ['incident.acknowledged', 'acknowledged'],
      ['incident.resolved', 'resolved'],
      ['incident.reopened', 'triggered'],
    ] as const;
    const times: number[] = [];
    const costs: number[] = [];
    for (let index = 0; index < events; index++) {
      const [type, status] = cycle[index === 0 ? 0 : 1 + ((index - 1) % 3)] ?? cycle[0];
      const at = new Date(Date.UTC(2026, 2, 2) + index * 1000).toISOString();
      const startedAt = performance.now();
      units = 0;
      await bridge.deliver(webhookBody(type, { at, data: { id: 'QFLAPPING00001', status, service } }));
      times.push(performance.now() - startedAt);
      costs.push(units);
    }
    const firstMillis = median(times.slice(10, 110));
    const lastMillis = median(times.slice(-100));
    return {
      events,
      firstMillis,
      lastMillis,
      ratio: lastMillis / firstMillis,
      firstUnits: median(costs.slice(10, 110)),
      lastUnits: median(costs.slice(-100)),
      delivered: receiver.received.length,
    };
  } finally {
    await receiver.close();
    await database.stop();
  }
}
