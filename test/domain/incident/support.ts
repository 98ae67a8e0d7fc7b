import { foldAll } from '../../../lib/domain/incident/fold.ts';
import { toFoldEvent } from '../../../lib/domain/incident/fold-event.ts';
import type { LoggedEvent } from '../../../lib/domain/incident/logged-event.ts';
import type { IncidentState } from '../../../lib/domain/incident/state.ts';
import { loggedEvent, webhookBody } from '../../support/webhooks.ts';

/** `[time of 2 March 2026, event type without "incident.", other data, event id]` */
export type Row = [at: string, type: string, data?: Record<string, unknown>, id?: string];

const status: Record<string, string> = { acknowledged: 'acknowledged', resolved: 'resolved' };

/**
 * The events of a hand-written history. Snapshots carry the status their type implies unless the row says
 * otherwise, and `created_at` is 10:00:00 of the first day. Times are `10:00:00`, `10:00:00.132` or `03T10:00:00`.
 */
export function events(rows: Row[]): LoggedEvent[] {
  return rows.map(([at, type, data, id], index) => {
    const isService = type.startsWith('service.');
    const whole = webhookBody(isService ? type : `incident.${type}`, {
      at: `2026-03-${at.includes('T') ? at : `02T${at}`}Z`,
      id: id ?? `E${String(index).padStart(3, '0')}`,
    });
    const isSnapshot = whole.event.data['type'] === 'incident';
    const implied = isSnapshot
      ? { created_at: '2026-03-02T10:00:00Z', status: status[type] ?? 'triggered' }
      : {};
    whole.event.data = { ...whole.event.data, ...implied, ...data };
    return loggedEvent(whole);
  });
}

export function stateOf(rows: Row[]): IncidentState {
  const logged = events(rows);
  return foldAll(logged[0]?.incidentId ?? 'none', logged.map(toFoldEvent));
}

export const service = (id: string, summary: string | null = id) => ({ service: { id, summary } });
export const priority = (summary: string) => ({ priority: { id: `PPRI0${summary}`, summary } });
