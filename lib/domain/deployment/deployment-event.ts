import type { DeploymentKind } from './compare.ts';

/** The normalized deployment event that goes out, version 1. Absent facts are left out. */
export interface DeploymentEvent {
  version: '1';
  id: string;
  sequence: number;
  type: 'deployment.finished' | 'deployment.changed';
  occurred_at: string;
  /** One. */
  services: string[];
  team?: string;
  env?: string;
  /** Absent where only the finish was told. */
  started_at?: string;
  finished_at: string;
  deployment: {
    id: string;
    external_id?: string;
    version?: string;
    status: 'succeeded' | 'failed';
    kind: DeploymentKind;
    /** Absent while it is not judged. */
    change_failure?: boolean;
    remediation?: { id: string; type: 'rollback' | 'rollforward'; version?: string };
    git?: { commit_sha?: string; repository_id?: string; repository_url?: string };
    sources: string[];
    custom_tags?: string[];
    /** It has turned out to be another one as told by another source, after both had been sent. */
    same_as?: string;
    /** What Datadog calls the service and its team, where that differs. */
    datadog_service?: string;
    datadog_team?: string;
    /** Who reported it has taken it back. */
    deleted?: true;
    /** The destination whose Datadog has detected it by itself, and knows it by `external_id`, or else by `id`. */
    detected_by?: string;
  };
}

type Undefinable<T> = { [K in keyof T]: T[K] | undefined };

/**
 * The same event with its keys in the published order and absent facts left out. DynamoDB gives a map back in any
 * order, so an event read from `outgoing` passes through here before it is turned into bytes.
 */
export function orderDeploymentEvent(event: Undefinable<DeploymentEvent>): DeploymentEvent {
  const { id, external_id, remediation, git, ...deployment } =
    event.deployment as DeploymentEvent['deployment'];
  return present({
    version: event.version,
    id: event.id,
    sequence: event.sequence,
    type: event.type,
    occurred_at: event.occurred_at,
    services: event.services,
    team: event.team,
    env: event.env,
    started_at: event.started_at,
    finished_at: event.finished_at,
    deployment: present({
      id,
      external_id,
      version: deployment.version,
      status: deployment.status,
      kind: deployment.kind,
      change_failure: deployment.change_failure,
      remediation:
        remediation && present({ id: remediation.id, type: remediation.type, version: remediation.version }),
      git:
        git &&
        present({
          commit_sha: git.commit_sha,
          repository_id: git.repository_id,
          repository_url: git.repository_url,
        }),
      sources: deployment.sources,
      custom_tags: deployment.custom_tags,
      same_as: deployment.same_as,
      deleted: deployment.deleted,
      datadog_service: deployment.datadog_service,
      datadog_team: deployment.datadog_team,
      detected_by: deployment.detected_by,
    }),
  }) as DeploymentEvent;
}

function present(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
