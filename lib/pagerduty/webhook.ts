/** What `receive` needs of a webhook: enough to write it down, no more. Replaced by the parser. */
export interface WebhookEnvelope {
  eventId: string;
  eventType: string;
  occurredAtMs: number;
  /** `<incident id>`, `service:<service id>` or `other:<event id>`: the partition of the log it belongs to. */
  logId: string;
}

export type ParsedWebhook =
  | { kind: 'event'; envelope: WebhookEnvelope }
  | { kind: 'ping'; eventId: string }
  | { kind: 'unreadable'; reason: string };
