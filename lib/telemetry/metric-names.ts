/** Every metric the code emits, with its CloudWatch unit. Alarms and dashboard may use only these. */
export const metricUnits = {
  WebhooksReceived: 'Count',
  WebhooksDuplicate: 'Count',
  WebhooksUnauthenticated: 'Count',
  SignatureMismatches: 'Count',
  WebhooksQuarantined: 'Count',
  ReceiveFailed: 'Count',
  IncidentsHeld: 'Count',
  EventsFrozen: 'Count',
  ProcessingFailed: 'Count',
  ProcessingStuck: 'Count',
  DeliveriesDelivered: 'Count',
  DeliveriesRetried: 'Count',
  DeliveriesDead: 'Count',
  DeliveriesSkipped: 'Count',
  OldestOwedAge: 'Seconds',
  DeliveryLatency: 'Milliseconds',
  SweepHeartbeat: 'Count',
  SecretsReadFailed: 'Count',
} as const;

export type MetricName = keyof typeof metricUnits;
