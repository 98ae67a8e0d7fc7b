import type { WebhookBody } from './webhooks.ts';

/**
 * Whether these webhooks could be all there ever were of an incident: it begins with its trigger, and every event
 * fits what came before. Where they could, nobody can know that one is missing. Within a second of a resolve the
 * order says nothing. Knows nothing of the fold.
 */
export function isCoherent(bodies: readonly WebhookBody[]): boolean {
  let status: unknown;
  let reopened: unknown = null;
  let resolvedMs = Number.NEGATIVE_INFINITY;
  let reopenedMs = Number.NEGATIVE_INFINITY;
  for (const [index, { event }] of bodies.entries()) {
    const { event_type: type, data } = event;
    if ((index === 0) !== (type === 'incident.triggered')) return false;
    if (data['type'] !== 'incident') continue;
    const now = Date.parse(event.occurred_at);
    if (type === 'incident.reopened') {
      // Two subscriptions tell the same reopening twice.
      if (status !== 'resolved' && now !== reopenedMs) return false;
      reopenedMs = now;
      status = data['status'];
      reopened = data['reopened_at'];
      continue;
    }
    if (data['reopened_at'] !== reopened) return false;
    const unordered = status === 'resolved' && now - resolvedMs <= 1000;
    if (unordered && (type === 'incident.resolved' || data['status'] !== 'resolved')) continue;
    const opens = type === 'incident.acknowledged' || type === 'incident.escalated';
    if (type === 'incident.unacknowledged' ? status !== 'acknowledged' : false) return false;
    if ((opens || type === 'incident.resolved') && status === 'resolved') return false;
    const changes =
      opens || ['triggered', 'unacknowledged', 'resolved'].some((t) => type === `incident.${t}`);
    if (!changes && data['status'] !== status) return false;
    if (data['status'] === 'resolved' && status !== 'resolved') resolvedMs = now;
    status = data['status'];
  }
  return true;
}
