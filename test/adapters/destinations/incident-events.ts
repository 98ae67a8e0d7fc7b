import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';

/** An incident event with everything in it: triggered, at service and team. */
export const triggered: IncidentEvent = {
  version: '1',
  id: '01DEN4HPBQAAAG05V5QQYBRZMF',
  sequence: 1,
  type: 'incident.triggered',
  occurred_at: '2026-03-02T09:58:41.123Z',
  services: ['checkout-api'],
  team: 'payments',
  env: 'prod',
  severity: 'SEV-1',
  name: 'Checkout “latency” above 2 s — 100 % of Zürich ☃',
  started_at: '2026-03-02T09:58:41.123Z',
  incident: {
    id: 'Q2CKYRLH85UNN4',
    number: 1412,
    url: 'https://acme.pagerduty.com/incidents/Q2CKYRLH85UNN4',
    status: 'triggered',
    urgency: 'high',
    priority: 'P1',
    reopen_count: 0,
    merged_into: null,
    custom_fields: { environment: 'prod', regions: ['eu', 'us'] },
  },
  match: { rule: 'service_url', explanation: 'The service URL is configured on checkout-api.' },
  pagerduty: {
    service: { id: 'PF9KMXH', name: 'Checkout API', url: 'https://acme.pagerduty.com/services/PF9KMXH' },
    teams: [{ id: 'PFCVPS0', name: 'Payments' }],
  },
};

export interface Change extends Omit<Partial<IncidentEvent>, 'incident'> {
  incident?: Partial<IncidentEvent['incident']>;
}

export function changed(base: IncidentEvent, change: Change): IncidentEvent {
  return { ...base, ...change, incident: { ...base.incident, ...change.incident } };
}

/** The same event without these facts, as when nothing is known of them. */
export function without(base: IncidentEvent, ...keys: (keyof IncidentEvent)[]): IncidentEvent {
  return Object.fromEntries(Object.entries(base).filter(([key]) => !keys.includes(key as never))) as never;
}

export const acknowledged = changed(triggered, {
  id: '01DEN4HPBQAAAG05V5QQYBRZMG',
  sequence: 2,
  type: 'incident.acknowledged',
  occurred_at: '2026-03-02T10:00:02.000Z',
  incident: {
    status: 'acknowledged',
    acknowledged_at: '2026-03-02T10:00:02.000Z',
    time_to_acknowledge_seconds: 80,
  },
});

export const annotated = changed(acknowledged, {
  id: '01DEN4HPBQAAAG05V5QQYBRZMH',
  sequence: 3,
  type: 'incident.annotated',
  occurred_at: '2026-03-02T10:05:00.000Z',
});

export const resolved = changed(acknowledged, {
  id: '01DEN4HPBQAAAG05V5QQYBRZMJ',
  sequence: 4,
  type: 'incident.resolved',
  occurred_at: '2026-03-02T10:31:07.007Z',
  finished_at: '2026-03-02T10:31:07.007Z',
  incident: { status: 'resolved', time_to_restore_seconds: 1945 },
});

export const reopened = changed(without(resolved, 'finished_at'), {
  id: '01DEN4HPBQAAAG05V5QQYBRZMK',
  sequence: 5,
  type: 'incident.reopened',
  occurred_at: '2026-03-02T11:00:00.000Z',
  incident: { status: 'triggered', reopen_count: 1 },
});

export const merged = changed(resolved, {
  id: '01DEN4HPBQAAAG05V5QQYBRZML',
  incident: { merged_into: 'Q0THER00000001' },
});

/** The least an incident event can say. */
export const sparse: IncidentEvent = {
  version: '1',
  id: 'ünlikely id',
  sequence: 1,
  type: 'incident.triggered',
  occurred_at: '2026-03-02T09:58:41.000Z',
  late: true,
  team: 'payments',
  started_at: '2026-03-02T09:58:41.000Z',
  incident: { id: 'PT4KHLK', status: 'triggered', reopen_count: 0, merged_into: null, custom_fields: {} },
  match: { rule: 'team_name', explanation: 'The team is called like a catalog team.' },
  pagerduty: { service: { id: 'PF9KMXH' }, teams: [] },
};

/** What another program has reported, start and end at once. */
export const reported: IncidentEvent = {
  version: '1',
  id: '5b1c6ad1a47b2a7b8e0b6f0f4bd1b3c4',
  sequence: 1,
  type: 'incident.resolved',
  occurred_at: '2026-03-02T10:31:07.007Z',
  services: ['cart', 'checkout-api'],
  env: 'production',
  severity: 'SEV-2',
  name: 'Baskets stay empty',
  started_at: '2026-03-02T09:58:41.250Z',
  finished_at: '2026-03-02T10:31:07.007Z',
  source: 'dora_api',
  what: 'Reported with its end (dora_api)',
  incident: {
    id: 'dora:INC-000000000042',
    status: 'resolved',
    time_to_restore_seconds: 1945,
    reopen_count: 0,
    merged_into: null,
    custom_fields: {},
    external_id: 'INC-000000000042',
    version: '1.4.2',
    git: {
      commit_sha: '0b5f1c9dc3e1f1c0a5d7a9e3a6a1b7d2f4c8e6a0',
      repository_id: 'github.com/acme/checkout',
      repository_url: 'https://github.com/acme/checkout',
    },
    custom_tags: ['region:eu'],
  },
  match: { rule: 'given', explanation: 'The report names services "cart" and "checkout-api" and no team.' },
};

export const withdrawn = changed(reported, {
  id: '6b1c6ad1a47b2a7b8e0b6f0f4bd1b3c4',
  sequence: 2,
  type: 'incident.deleted',
  occurred_at: '2026-03-02T12:00:00.000Z',
  what: 'Withdrawn',
  incident: { withdrawn_at: '2026-03-02T12:00:00.000Z' },
});

export const samples = {
  triggered,
  acknowledged,
  annotated,
  resolved,
  reopened,
  merged,
  sparse,
  reported,
  withdrawn,
};
