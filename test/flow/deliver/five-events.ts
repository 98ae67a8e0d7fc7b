import { type WebhookBody, webhookBody } from '../../support/webhooks.ts';

const types = [
  ['incident.triggered', 'triggered'],
  ['incident.acknowledged', 'acknowledged'],
  ['incident.escalated', 'acknowledged'],
  ['incident.priority_updated', 'acknowledged'],
  ['incident.resolved', 'resolved'],
] as const;

const minute = (n: number) => new Date(Date.UTC(2026, 2, 2, 10, n)).toISOString();

export const pinnedService = {
  id: 'PPINNED',
  type: 'service_reference',
  summary: 'Pinned',
  html_url: 'https://acme.pagerduty.com/services/PPINNED',
};

/** The life of one incident in five webhooks; event ids are `<incident id>-1` to `-5`. */
export function fiveEvents(incidentId: string, data: Record<string, unknown> = {}): WebhookBody[] {
  return types.map(([type, status], index) =>
    webhookBody(type, {
      id: `${incidentId}-${index + 1}`,
      at: minute(index),
      data: { id: incidentId, created_at: minute(0), status, service: pinnedService, ...data },
    }),
  );
}

export const eventIds = (incidentId: string): string[] =>
  types.map((_, index) => `${incidentId}-${index + 1}`);
