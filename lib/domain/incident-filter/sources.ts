import { importedSource } from '../subject/imported-source.ts';

/** The source of what PagerDuty's webhooks tell. */
export const pagerDuty = 'pagerduty';

/** Everybody who can tell of incidents or deployments, as `source` names them. */
export const knownSources = [
  pagerDuty,
  'dora_api',
  'cdevents',
  'github',
  'gitlab',
  'telemetry',
  importedSource,
] as const;
