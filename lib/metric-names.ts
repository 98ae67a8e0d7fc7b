/**
 * Every metric the code emits, with its CloudWatch unit. Alarms and dashboard may use only these, and a test
 * holds them together. Counts are counted where the thing happens; zeros need not be sent.
 */
export const metricUnits = {
  /** Every request that passed authentication, whatever became of it: pings, duplicates and unreadable ones too. */
  WebhooksReceived: 'Count',
  /** An event that had been written down before came again. */
  WebhooksDuplicate: 'Count',
  /** A request without any of PagerDuty's headers or keys (answer 401). */
  WebhooksUnauthenticated: 'Count',
  /** A request our own code answered 4xx (401, 405, 413). What the front door refuses beyond these is its own doing. */
  RequestsRefused: 'Count',
  /** A request that carries credentials which do not check out (answer 503): a wrong or half-rotated secret. */
  SignatureMismatches: 'Count',
  /** Authentic, but not JSON or not a v3 event; kept raw. */
  WebhooksQuarantined: 'Count',
  /** A request answered 5xx because of a fault of ours: database, secrets, unexpected exception. */
  ReceiveFailed: 'Count',
  /** A request to `ingest` that passed authentication: reports, and what is asked of them. */
  IngestReceived: 'Count',
  /** A report that had been written down before came again. */
  IngestDuplicate: 'Count',
  /** A request to `ingest` without any key. */
  IngestUnauthenticated: 'Count',
  /** A request to `ingest` that our own code answered 4xx: bad keys, bad content, unknown ids. */
  IngestRefused: 'Count',
  /** A request to `ingest` with keys, signatures or tokens that do not match. */
  IngestMismatches: 'Count',
  /** A request to `ingest` answered 5xx because of a fault of ours. Some senders take that for success in the end. */
  IngestFailed: 'Count',
  /** Incidents that became held because nothing matched. Those of which only notes were seen do not count. */
  IncidentsHeld: 'Count',
  /** Deployments that became held because nobody knows which service their repository is of. */
  DeploymentsHeld: 'Count',
  /** Events about no incident and no service: written down, shown by `outcome`, sent to nobody. */
  EventsAboutNothing: 'Count',
  /** Events older than `retention_days` when they came: written down, sent to nobody. */
  EventsExpired: 'Count',
  EventsFrozen: 'Count',
  /** Processing an incident failed and its mark was moved back. */
  ProcessingFailed: 'Count',
  /** Processing the same incident has failed 5 times or more. */
  ProcessingStuck: 'Count',
  DeliveriesDelivered: 'Count',
  DeliveriesRetried: 'Count',
  DeliveriesDead: 'Count',
  DeliveriesSkipped: 'Count',
  /** How long the oldest thing owed has been overdue, as `sweep` sees it; 0 when nothing is. */
  OldestOwedAge: 'Seconds',
  /**
   * How long a destination has not been taking anything, or not been listing its deployments, as `sweep` sees it;
   * only while that is so.
   */
  DestinationDownFor: 'Seconds',
  /** From the webhook's arrival to the destination's acceptance. */
  DeliveryLatency: 'Milliseconds',
  /** 1 for every run of `sweep` that came to its end. */
  SweepHeartbeat: 'Count',
  /** A secret could not be read from its source, whether or not an older value could be served. */
  SecretsReadFailed: 'Count',
  /** A live catalog could not be read as a whole, or not be pushed; the catalog is as it was. */
  CatalogSyncFailed: 'Count',
  /** A live catalog answered with nothing, or with a third less than it had, and was not believed. */
  CatalogSyncRefused: 'Count',
  /** 1 for every run of `catalog-sync` in which all live catalogs were read. */
  CatalogSyncHeartbeat: 'Count',
  /** Events that webhooks did not bring and PagerDuty's REST API told of. */
  ReconcileRepaired: 'Count',
  /** 1 for every run of `reconcile` that PagerDuty answered. */
  ReconcileHeartbeat: 'Count',
  /** 1 for every run of `reconcile` in which a subscription that leads here does not send: disabled, off, gone. */
  SubscriptionDisabled: 'Count',
  /** A subscription that leads here is otherwise than it was: edited, gone, or there is another. */
  SubscriptionChanged: 'Count',
} as const;

export type MetricName = keyof typeof metricUnits;

/** The CloudWatch namespace of all of them. */
export const metricNamespace = 'PagerDutyBridge';

/** Alarms compare these with other counters; `sweep` adds a zero to each, so that no period is without a value. */
export const comparedCounters = [
  'WebhooksReceived',
  'SignatureMismatches',
  'RequestsRefused',
] as const satisfies MetricName[];
