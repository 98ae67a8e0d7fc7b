export const deploymentStatuses = ['succeeded', 'failed', 'in_progress'] as const;
export type DeploymentStatus = (typeof deploymentStatuses)[number];

/** What a source says of one deployment, in our words: the body of a `deployment.reported` event of the log. */
export interface DeploymentReport {
  /** `dora_api`, `github`, `gitlab`, `cdevents`, `telemetry`, or one that is yet to come. */
  source: string;
  /** Its id as the sender gave it. */
  external_id?: string | undefined;
  /** Absent where it is known by its repository only: then the catalog says, when it is worked on. */
  service?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
  version?: string | undefined;
  status: DeploymentStatus;
  /** ISO 8601, UTC, milliseconds; one of the two is there. */
  started_at?: string | undefined;
  finished_at?: string | undefined;
  commit_sha?: string | undefined;
  /** Without user name and password. */
  repository_url?: string | undefined;
  /** As in github.com/acme/shop. */
  repository_id?: string | undefined;
  custom_tags: string[];
  /**
   * What was deployed ran there before, as the source has seen, whether or not that was reported: telemetry knows the
   * version that was there when it began to look.
   */
  ran_before?: boolean | undefined;
  /**
   * The `datadog` destination whose Datadog has detected it by itself, and was asked for it as it happened; what is
   * read back as history has none, and is news to nobody.
   */
  detected_by?: string | undefined;
}

/** A verdict on a deployment: the body of a `deployment.patched` event. */
export interface DeploymentPatch {
  source: string;
  change_failure?: boolean | undefined;
  remediation?: Remediation | undefined;
}

/** What put a failed deployment right, by its id or by its version in the same service and env. */
export interface Remediation {
  id?: string | undefined;
  version?: string | undefined;
  type: 'rollback' | 'rollforward';
}

/** What an incident says of its link to the deployment: the body of a `deployment.linked` event. */
export interface ToldLink {
  incident_id: string;
  /** Of what one incident says, the highest holds, in whatever order it comes. */
  revision: number;
  /** The deployment has to answer for the incident; false: not any more. */
  stands: boolean;
  started_at?: string | undefined;
  /** The deployment that put it right, as the incident sees it. */
  remediation_id?: string | undefined;
}
