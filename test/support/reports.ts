import { identify, identifyWithdrawal } from '../../lib/domain/incident-report/identify.ts';
import type { IncidentReport } from '../../lib/domain/incident-report/incident-report.ts';
import { loggedEvent } from '../../lib/flow/receive/incoming-event.ts';
import { appendEvent } from '../../lib/store/events/append-event.ts';
import type { TestBridge } from './bridge.ts';

export const started = '2026-03-02T09:58:41.250Z';
export const finished = '2026-03-02T10:31:07.000Z';

export const report = (changes: Partial<IncidentReport> = {}): IncidentReport => ({
  source: 'dora_api',
  services: ['checkout-api'],
  env: 'live',
  started_at: started,
  custom_tags: [],
  ...changes,
});

/** Writes a report down as `ingest` does and lets the stream wake the worker. */
export async function deliverReport(bridge: TestBridge, told: IncidentReport): Promise<string> {
  return append(bridge, identify(told));
}

export const withdraw = (bridge: TestBridge, id: string): Promise<string> =>
  append(bridge, identifyWithdrawal(id, bridge.deps.clock.now()));

async function append(
  { deps, wake }: TestBridge,
  incoming: Parameters<typeof loggedEvent>[0],
): Promise<string> {
  const now = deps.clock.now();
  const event = loggedEvent(incoming, new Date(now).toISOString(), {});
  await appendEvent(deps.store, event, now);
  await wake(event.incidentId, event.logKey);
  return event.incidentId;
}
