import type { PagerDutyRef } from '../pagerduty/reference.ts';
import type { Layer } from './name-settings.ts';

/** In the order in which they are asked; the first that decides wins. Each has its rule in rules.ts. */
export const ruleNames = [
  'pinned',
  'custom_field',
  'service_url',
  'service_name',
  'team_name',
  'service_name_as_team',
] as const;

export type DecidingRule = (typeof ruleNames)[number];
/** `given`: the incident names its catalog services or its team itself, and nothing is matched. */
export type RuleName = DecidingRule | 'given' | 'none';

/** A person's decision, kept on the mapping row; the bridge never writes it. */
export interface Pin {
  services: string[];
  team?: string;
}

export interface MatchInput {
  service: PagerDutyRef;
  /** The incident's PagerDuty teams, in their order. */
  teams: PagerDutyRef[];
  pin?: Pin;
  /** The field that names the catalog service, where one is configured, and what it says on the incident. */
  customField?: { name: string; value?: string };
}

/** What an incident says itself of whose it is: services, a team or both. */
export interface Given {
  /** Who said it. */
  source: string;
  services: readonly string[];
  team?: string;
}

/** What one rule saw and said, in one sentence a newcomer understands. */
export interface Verdict {
  rule: RuleName;
  decided: boolean;
  reason: string;
  /** How the name was found that the rule rests on. */
  layer?: Layer;
}

/** `rule: 'none'` means unmatched: no services, no team. */
export interface Match {
  rule: RuleName;
  services: string[];
  /** What Datadog calls the services, in their order; absent where it calls them the same. */
  datadog_services?: string[];
  team?: string;
  /** Datadog's handle of the team; absent where that is its name. */
  datadog_team?: string;
  explanation: string;
  trace: Verdict[];
}
