/** One row of the `events` table: a webhook as it was written down. */
export interface LoggedEvent {
  /** Key of the subject it is about: an incident's id, or a key of another kind (domain/subject). */
  incidentId: string;
  /** See log-key.ts; string order is the order of the log. */
  logKey: string;
  eventId: string;
  eventType: string;
  /** ISO 8601, UTC, milliseconds. */
  occurredAt: string;
  receivedAt: string;
  /** Value of the `dd_env` header, if the subscription sends one. */
  envHeader?: string;
  webhookId?: string;
  subscriptionId?: string;
  /** It still carries a due mark: not everything it owes stands in a durable row. */
  dueAt?: string;
  /**
   * It was read from PagerDuty's REST API: because somebody wants the past (`history`), or because webhooks did not
   * come (`repair`). Absent on what was sent to us.
   */
  imported?: 'history' | 'repair';
  /** The raw request body as text. */
  body: string;
}
