import { mendedBy } from './caused.ts';
import type { Compared, Verdict } from './compare.ts';
import type { Told } from './fold-deployment.ts';
import { identifyById } from './identify.ts';

/** What Datadog calls a service and its team, where that differs from the catalog. */
export interface NamesInDatadog {
  service?: string;
  team?: string;
}

/** A deployment as it is now: what was told of it, what was looked up for it, what follows from the others. */
export interface Deployment {
  id: string;
  told: Told;
  /** Absent while nobody knows whose it is, and where it stands for several of its own. */
  service?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
  inDatadog?: NamesInDatadog | undefined;
  /** Why it is of this service, where it did not say so itself; why of none. */
  service_explanation?: string | undefined;
  /** The deployments that stand for this one, where several services are deployed from its repository. */
  split_into?: string[] | undefined;
  verdict?: Verdict | undefined;
  /** By what was said, or else by the incidents that are laid to it; absent while it is not judged. */
  change_failure?: boolean | undefined;
}

/** What others of its service and env are compared with. */
export function compared({ id, told, team }: Deployment): Compared {
  const { remediation, finished_at, started_at } = told;
  const failedBy =
    remediation?.id === undefined ? remediation : { ...remediation, id: identifyById(remediation.id).id };
  return {
    id,
    at: placeInTime(told),
    status: told.status,
    finished_at,
    started_at,
    commit: told.commit_sha,
    version: told.version,
    repository_id: told.repository_id,
    team,
    sources: told.sources,
    change_failure: told.change_failure,
    remediation: failedBy,
    mended_by: mendedBy(told),
    ran_before: told.ran_before,
    received_at: told.first_received_at,
    deleted: told.deleted_at === undefined ? undefined : true,
    deleted_at: told.deleted_at,
  };
}

/** When it finished, or began while it is in progress. */
export const placeInTime = ({ finished_at, started_at, first_received_at }: Told): string =>
  finished_at ?? started_at ?? first_received_at;

/** It is over, of a service, and not another one's double: it counts and is sent. */
export function isDeployment({ told, service, verdict }: Deployment): boolean {
  return (
    told.finished_at !== undefined &&
    isOver(told) &&
    service !== undefined &&
    verdict !== undefined &&
    verdict.same_as === undefined
  );
}

/** When it was taken back, by its own id or by that of another source. */
export const deletedAt = ({ told, verdict }: Deployment): string | undefined =>
  told.deleted_at ?? verdict?.deleted_at;

export const isOver = ({ status }: Told): boolean => status !== 'in_progress';
