import type { LinkRuleName } from '../links/rule.ts';
import type { RuleName } from '../matching/match.ts';

/** The normalized event that goes out, version 1. Absent facts are left out, except `merged_into`. */
export interface IncidentEvent {
  version: '1';
  id: string;
  sequence: number;
  type: string;
  occurred_at: string;
  late?: true;
  services?: string[];
  team?: string;
  env?: string;
  severity?: string;
  name?: string;
  started_at: string;
  finished_at?: string;
  /** Absent on events frozen before the bridge had other sources; they keep the bytes they had. */
  source?: string;
  /** It is history that was read from PagerDuty afterwards. */
  imported?: true;
  /** What happened, in one sentence. */
  what?: string;
  /** Who did it. */
  by?: { id: string; name?: string; type: 'person' | 'integration' };
  /** The object a thin event is about. */
  detail?: Record<string, unknown>;
  incident: {
    id: string;
    number?: number;
    url?: string;
    status: 'triggered' | 'acknowledged' | 'resolved';
    urgency?: string;
    priority?: string;
    triggered_at?: string;
    acknowledged_at?: string;
    time_to_acknowledge_seconds?: number;
    time_to_restore_seconds?: number;
    reopen_count: number;
    merged_into: string | null;
    inferred?: string[];
    type?: string;
    key?: string;
    assignees?: { id: string; name?: string }[];
    escalation_policy?: { id: string; name?: string };
    client?: { name?: string; url?: string };
    conference_bridge?: { number?: string; url?: string };
    custom_fields: Record<string, unknown>;
    /** What is known of incidents that other programs report, from here on. */
    external_id?: string;
    version?: string;
    git?: { commit_sha?: string; repository_id?: string; repository_url?: string };
    custom_tags?: string[];
    /** Who reported it has taken it back. */
    withdrawn_at?: string;
  };
  /** `datadog_services`: what Datadog calls the services, in their order, where that differs; `datadog_team` likewise. */
  match: { rule: RuleName; explanation: string; datadog_services?: string[]; datadog_team?: string };
  /** The deployment that caused it, as was known when the event was frozen. */
  cause?: {
    deployment_id: string;
    version?: string;
    commit_sha?: string;
    finished_at?: string;
    rule: Exclude<LinkRuleName, 'none'>;
    /** Absent where `content: minimal` leaves out what a person wrote. */
    explanation?: string;
  };
  /** Absent on incidents of other sources. */
  pagerduty?: {
    service: { id: string; name?: string; url?: string };
    teams: { id: string; name?: string }[];
  };
}
