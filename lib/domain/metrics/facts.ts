import type { LeadTimeReason } from '../deployment/lead-time/reasons.ts';

/** What the numbers are made of: rows of the tables, reduced to what a formula asks. Times in epoch milliseconds. */
export interface MeasuredDeployment {
  id: string;
  service?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
  finishedAtMs: number;
  status: 'succeeded' | 'failed';
  kind?: 'standard' | 'rollback' | 'rollforward' | undefined;
  /** Absent while it is not judged. */
  changeFailure?: boolean | undefined;
  /** When the deployment that made up for it was finished. */
  remediatedAtMs?: number | undefined;
  /** When the last of the incidents it caused ended; absent while one is open, or none is known. */
  causedEndedAtMs?: number | undefined;
  leadTimeSeconds?: number | undefined;
  /** Why it has none. */
  leadTimeReason?: LeadTimeReason | undefined;
}

export interface MeasuredIncident {
  id: string;
  services: readonly string[];
  team?: string | undefined;
  env?: string | undefined;
  startedAtMs: number;
  finishedAtMs?: number | undefined;
  /** Absent where it is not known exactly. */
  timeToRestoreSeconds?: number | undefined;
  /** It went on as another incident, which counts. */
  merged: boolean;
}

/**
 * Everything a report may need: deployments finished and incidents started or finished since the earliest moment
 * asked for, and all open incidents; each once. Incidents that are not to count (`counts:`) are not among them.
 */
export interface Records {
  deployments: readonly MeasuredDeployment[];
  incidents: readonly MeasuredIncident[];
  /** Whether deployments of this incident's services (of its team, if it has none) in its env were ever told. */
  isDeployed(incident: MeasuredIncident): boolean;
}
