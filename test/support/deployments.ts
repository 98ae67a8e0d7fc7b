import type { DeploymentReport } from '../../lib/domain/deployment/deployment-report.ts';
import { type DeploymentEntry, reported } from '../../lib/domain/deployment/log-events.ts';
import { loggedEvent } from '../../lib/flow/receive/incoming-event.ts';
import { iso } from '../../lib/store/database/due.ts';
import type { Store } from '../../lib/store/database/dynamo.ts';
import { appendEvent } from '../../lib/store/events/append-event.ts';

const startMs = Date.UTC(2026, 2, 2, 10);
const minute = (count: number): string => new Date(startMs + count * 60_000).toISOString();

export const commit = (digit: string): string => digit.repeat(40);

/** A deployment of `shop` to prod that took five minutes; `from` is the minute in which it began. */
export function deployed(from: number, facts: Partial<DeploymentReport> = {}): DeploymentReport {
  return {
    source: 'dora_api',
    service: 'shop',
    env: 'prod',
    status: 'succeeded',
    started_at: minute(from),
    finished_at: minute(from + 5),
    custom_tags: [],
    ...facts,
  };
}

/** Writes an event of a deployment down, as a source does, without waking anybody; with its place in the log. */
export async function appendEntry(store: Store, nowMs: number, entry: DeploymentEntry) {
  const event = loggedEvent(entry, iso(nowMs), {});
  await appendEvent(store, event, nowMs);
  return { ...entry, logKey: event.logKey };
}

export const appendReport = (store: Store, nowMs: number, report: DeploymentReport) =>
  appendEntry(store, nowMs, reported(report));
