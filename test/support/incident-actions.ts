import { pick, type Rng } from './rng.ts';
import { cachedSample } from './webhooks.ts';

export interface HistoryOptions {
  incidentId?: string;
  number?: number;
  /** When the incident begins, epoch milliseconds. */
  startMs?: number;
  /** How many events; by default 1 to 30, mostly few. */
  events?: number;
  /** Resolves and reopens all the time. */
  flapping?: boolean;
  /** The services the incident may be at; it begins at the first. */
  services?: HistoryService[];
}

export interface HistoryService {
  id: string;
  name: string;
  teams: { id: string; name: string }[];
}

/** What PagerDuty would know of the incident while its history is being made up. */
export interface HistoryState {
  incidentId: string;
  number: number;
  nowMs: number;
  /** As `created_at` says it: whole seconds; the first event's time where captures from 2021 have none. */
  startMs: number;
  createdAt: string | undefined;
  status: 'triggered' | 'acknowledged' | 'resolved';
  periods: { from: number; to?: number }[];
  acknowledgedMs: number | undefined;
  mergedInto: string | undefined;
  reopenedAt: string | null;
  priority: { id: string; type: string; summary: string } | null;
  urgency: string;
  title: string;
  services: HistoryService[];
  service: HistoryService;
  customFields: Record<string, unknown>;
}

export interface IncidentAction {
  weight: number;
  possible(state: HistoryState): boolean;
  /** Changes the state and returns the event that tells of it. */
  happen(state: HistoryState, rng: Rng): { type: string; data: Record<string, unknown> };
}

const account = 'https://acme.pagerduty.com';

const defaultServices: HistoryService[] = [
  { id: 'PF9KMXH', name: 'Checkout API', teams: [{ id: 'PFCVPS0', name: 'Payments' }] },
  { id: 'P7SRCHQ', name: 'Product Search', teams: [] },
  {
    id: 'PN0NAME',
    name: 'Notifications',
    teams: [
      { id: 'PMSGTM1', name: 'Messaging' },
      { id: 'PFCVPS0', name: 'Payments' },
    ],
  },
];

export function newHistoryState(rng: Rng, options: HistoryOptions): HistoryState {
  const nowMs = options.startMs ?? Date.UTC(2026, 2, 2) + Math.floor(rng() * 30 * 86_400_000);
  const services = options.services ?? defaultServices;
  const service = services[0];
  if (service === undefined) throw new Error('A history needs at least one service.');
  const hasCreatedAt = rng() < 0.9;
  const createdMs = Math.floor(nowMs / 1000) * 1000;
  return {
    incidentId:
      options.incidentId ??
      `Q${Math.floor(rng() * 36 ** 8)
        .toString(36)
        .toUpperCase()
        .padStart(13, '0')}`,
    number: options.number ?? 1 + Math.floor(rng() * 9999),
    nowMs,
    startMs: hasCreatedAt ? createdMs : nowMs,
    createdAt: hasCreatedAt ? new Date(createdMs).toISOString().replace('.000Z', 'Z') : undefined,
    status: 'triggered',
    periods: [{ from: hasCreatedAt ? createdMs : nowMs }],
    acknowledgedMs: undefined,
    mergedInto: undefined,
    reopenedAt: null,
    priority: pick(rng, [null, ...priorities]),
    urgency: pick(rng, ['high', 'low']),
    title: pick(rng, titles),
    services,
    service,
    customFields: {},
  };
}

const priorities = ['P1', 'P2', 'P3'].map((summary) => ({
  id: `PPRI0${summary}`,
  type: 'priority_reference',
  summary,
}));
const titles = [
  'Checkout latency above 2 s',
  'Suche liefert keine Treffer für „Käse“',
  '支払いエラー率 5 %',
  'Disk full 🔥',
];

const always = () => true;
const open = ({ status }: HistoryState) => status !== 'resolved';

/** An event with the whole incident in it. */
function full(
  type: string,
  weight: number,
  possible: (state: HistoryState) => boolean,
  change: (state: HistoryState, rng: Rng) => void = () => undefined,
): IncidentAction {
  return {
    weight,
    possible,
    happen(state, rng) {
      change(state, rng);
      return { type, data: snapshot(state, rng) };
    },
  };
}

/** An event that only refers to the incident. */
function thin(
  types: string[],
  weight: number,
  change: (state: HistoryState, rng: Rng) => object = () => ({}),
): IncidentAction {
  return {
    weight,
    possible: always,
    happen(state, rng) {
      const type = pick(rng, types);
      const { data } = cachedSample(type).event;
      const reference = {
        id: state.incidentId,
        type: 'incident_reference',
        summary: rng() < 0.5 ? state.title : null,
        self: `https://api.pagerduty.com/incidents/${state.incidentId}`,
        html_url: `${account}/incidents/${state.incidentId}`,
      };
      const roles = data['incident_role_assignments'];
      if (Array.isArray(roles)) {
        const assigned = roles.map((role) => ({ ...role, incident: reference }));
        return { type, data: { ...data, incident_role_assignments: assigned } };
      }
      return { type, data: { ...data, ...change(state, rng), incident: reference } };
    },
  };
}

function snapshot(state: HistoryState, rng: Rng): Record<string, unknown> {
  const { service } = state;
  const oddly = rng() < 0.1;
  return {
    ...cachedSample('incident.triggered').event.data,
    id: state.incidentId,
    self: `https://api.pagerduty.com/incidents/${state.incidentId}`,
    html_url: `${account}/incidents/${state.incidentId}`,
    number: state.number,
    status: state.status,
    incident_key: oddly ? null : `key/${state.number}`,
    created_at: state.createdAt,
    reopened_at: state.reopenedAt,
    title: state.title,
    priority: state.priority,
    urgency: state.urgency,
    service: {
      id: service.id,
      type: 'service_reference',
      summary: service.name,
      self: null,
      html_url: `${account}/services/${service.id}`,
    },
    teams: service.teams.map(({ id, name }) => ({ id, type: 'team_reference', summary: name })),
    conference_bridge: oddly ? { conference_number: 49305550100, conference_url: null } : null,
    resolve_reason:
      state.mergedInto === undefined
        ? null
        : { type: 'merge_resolve_reason', incident: { id: state.mergedInto, type: 'incident_reference' } },
  };
}

export const incidentActions = {
  triggered: full('incident.triggered', 0, () => false),
  acknowledged: full('incident.acknowledged', 12, open, (state) => {
    state.status = 'acknowledged';
    state.acknowledgedMs ??= state.nowMs;
  }),
  unacknowledged: full(
    'incident.unacknowledged',
    4,
    ({ status }) => status === 'acknowledged',
    (state) => {
      state.status = 'triggered';
    },
  ),
  resolved: full('incident.resolved', 10, open, (state, rng) => {
    state.status = 'resolved';
    endPeriod(state);
    if (rng() < 0.15) state.mergedInto = 'QMERGETARGET00';
  }),
  reopened: full(
    'incident.reopened',
    20,
    ({ status }) => status === 'resolved',
    (state) => {
      state.status = 'triggered';
      state.mergedInto = undefined;
      state.reopenedAt = new Date(Math.floor(state.nowMs / 1000 - 1) * 1000)
        .toISOString()
        .replace('.000Z', 'Z');
      state.periods.push({ from: state.nowMs });
    },
  ),
  escalated: full('incident.escalated', 3, open, (state) => {
    state.status = 'triggered';
  }),
  reassigned: full('incident.reassigned', 3, open),
  delegated: full('incident.delegated', 2, open),
  prioritized: full('incident.priority_updated', 4, always, (state, rng) => {
    state.priority = pick(rng, [null, ...priorities]);
  }),
  urgent: full('incident.urgency_updated', 1, always, (state, rng) => {
    state.urgency = pick(rng, ['high', 'low']);
  }),
  titled: full('incident.title_updated', 1, always, (state, rng) => {
    state.title = pick(rng, titles);
  }),
  typed: full('incident.incident_type.changed', 1, always),
  moved: full('incident.service_updated', 3, open, (state, rng) => {
    state.service = pick(rng, state.services);
  }),
  invented: full('incident.something_new', 1, always),
  annotated: thin(['incident.annotated'], 8),
  fields: thin(['incident.custom_field_values.updated'], 4, (state, rng) => {
    state.customFields[pick(rng, ['environment', 'region', 'customers_affected'])] = pick(rng, [
      'prod',
      'staging',
      null,
      7,
      ['a', 'b'],
    ]);
    const values = Object.entries(state.customFields);
    return {
      custom_fields: values.map(([name, value]) => ({ id: `PFLD${name}`, name, type: 'field_value', value })),
    };
  }),
  others: thin(
    [
      'incident.conference_bridge.updated',
      'incident.responder.added',
      'incident.responder.replied',
      'incident.status_update_published',
      'incident.role.assigned',
      'incident.task.created',
      'incident.task.updated',
      'incident.task.completed',
      'incident.workflow.started',
      'incident.workflow.completed',
      'incident.action_invocation.created',
      'incident.action_invocation.updated',
      'incident.action_invocation.terminated',
    ],
    8,
  ),
} satisfies Record<string, IncidentAction>;

function endPeriod(state: HistoryState): void {
  const period = state.periods.at(-1);
  if (period !== undefined) period.to = state.nowMs;
}
