import {
  type HistoryOptions,
  type HistoryState,
  incidentActions,
  newHistoryState,
} from './incident-actions.ts';
import type { Rng } from './rng.ts';
import { cachedSample, sampleTypes, type WebhookBody } from './webhooks.ts';

export interface History {
  /** In the order in which they happened, which is also the order of their log keys. */
  bodies: WebhookBody[];
  /** What somebody who watched the incident would say about it at the end. Knows nothing of the fold. */
  truth: Truth;
}

export interface Truth {
  status: 'triggered' | 'acknowledged' | 'resolved';
  started_at: string;
  acknowledged_at: string | undefined;
  finished_at: string | undefined;
  time_to_acknowledge_seconds: number | undefined;
  time_to_restore_seconds: number | undefined;
  reopen_count: number;
  merged_into: string | undefined;
  priority: string | undefined;
  urgency: string;
  title: string;
  service_id: string;
  custom_fields: Record<string, unknown>;
}

/**
 * The life of one incident as PagerDuty would report it: every event type, snapshots that fit, gaps from none
 * to days, merges, moves, reopenings, and the oddities seen in captured traffic.
 */
export function generateHistory(rng: Rng, options: HistoryOptions = {}): History {
  const state = newHistoryState(rng, options);
  const count = options.events ?? 1 + Math.floor(rng() ** 2 * 30);
  const nextId = idFactory(rng);
  const bodies: WebhookBody[] = [];
  for (let index = 0; index < count; index += 1) {
    const action = index === 0 ? incidentActions.triggered : choose(rng, state, options.flapping ?? false);
    if (index > 0) state.nowMs += gap(rng);
    const { type, data } = action.happen(state, rng);
    bodies.push(body(type, nextId(), time(rng, state.nowMs), data, rng));
  }
  return { bodies, truth: truthOf(state) };
}

function choose(rng: Rng, state: HistoryState, flapping: boolean) {
  const { resolved, reopened } = incidentActions;
  if (flapping && rng() < 0.9) return state.status === 'resolved' ? reopened : resolved;
  const possible = Object.values(incidentActions).filter((action) => action.possible(state));
  let ticket = rng() * possible.reduce((sum, { weight }) => sum + weight, 0);
  for (const action of possible) {
    ticket -= action.weight;
    if (ticket < 0) return action;
  }
  return incidentActions.annotated;
}

/** In the same millisecond, within a second, within an hour, or after days of quiet. */
function gap(rng: Rng): number {
  const kind = rng();
  if (kind < 0.08) return 0;
  if (kind < 0.25) return Math.floor(rng() * 1000);
  if (kind < 0.92) return Math.floor(rng() * 3_600_000);
  return Math.floor(rng() * 48 * 3_600_000);
}

/** Ids of each form seen, ascending, so that events of one millisecond keep their order in the log. */
function idFactory(rng: Rng): () => string {
  const form = Math.floor(rng() * 3);
  const salt = Math.floor(rng() * 0xffff_ffff);
  let count = 0;
  return () => {
    count += 1;
    if (form === 0)
      return `01KJ${salt.toString(36).toUpperCase().padStart(7, '0')}${String(count).padStart(15, '0')}`;
    if (form === 1) {
      const hex = salt.toString(16).padStart(8, '0');
      return `${hex}-0000-4${String(count).padStart(3, '0').slice(-3)}-8000-${String(count).padStart(12, '0')}`;
    }
    return `${4_000_000_000 + salt}${String(count).padStart(12, '0')}`;
  };
}

/** The same moment in one of the ways ISO 8601 has for it. */
function time(rng: Rng, ms: number): string {
  const iso = new Date(ms).toISOString();
  const form = rng();
  if (form < 0.8) return iso;
  if (form < 0.9) return iso.replace('Z', '417Z');
  return new Date(ms + 2 * 3_600_000).toISOString().replace('Z', '+02:00');
}

function body(type: string, id: string, at: string, data: Record<string, unknown>, rng: Rng): WebhookBody {
  const sample = cachedSample(sampleTypes.includes(type) ? type : 'incident.triggered');
  const agent = rng() < 0.2 ? null : sample.event.agent;
  return { event: { ...sample.event, id, event_type: type, occurred_at: at, agent, data } };
}

function truthOf(state: HistoryState): Truth {
  const resolved = state.status === 'resolved';
  const activeMs = state.periods.reduce((sum, { from, to }) => sum + ((to ?? from) - from), 0);
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return {
    status: state.status,
    started_at: new Date(state.startMs).toISOString(),
    acknowledged_at: iso(state.acknowledgedMs),
    finished_at: resolved ? iso(state.periods.at(-1)?.to) : undefined,
    time_to_acknowledge_seconds: secondsToAcknowledge(state),
    time_to_restore_seconds:
      resolved && state.mergedInto === undefined ? Math.floor(activeMs / 1000) : undefined,
    reopen_count: state.periods.length - 1,
    merged_into: state.mergedInto,
    priority: state.priority?.summary,
    urgency: state.urgency,
    title: state.title,
    service_id: state.service.id,
    custom_fields: Object.fromEntries(
      Object.entries(state.customFields).filter(([, value]) => value !== null),
    ),
  };
}

/** Active time before the first acknowledgement: what it was resolved for is not counted. */
function secondsToAcknowledge({ acknowledgedMs, periods }: HistoryState): number | undefined {
  if (acknowledgedMs === undefined) return undefined;
  const active = periods
    .filter(({ from }) => from <= acknowledgedMs)
    .reduce((sum, { from, to }) => sum + Math.min(to ?? acknowledgedMs, acknowledgedMs) - from, 0);
  return Math.floor(active / 1000);
}
