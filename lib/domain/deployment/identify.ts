import { comparableName } from '../catalog/names.ts';
import { deployment } from '../subject/deployment.ts';
import { derivedId } from '../subject/derived-id.ts';
import { wellFormed } from '../text/well-formed.ts';
import type { DeploymentReport } from './deployment-report.ts';

/** Who a deployment is. */
export interface DeploymentIdentity {
  /** What it is answered and sent out under. */
  id: string;
  /** Its key in the log. */
  key: string;
}

/** Ids that Datadog takes as they are; what goes out under our id must come back under the same. */
const fitsEverywhere = /^[A-Za-z0-9_.:-]{16,128}$/;

/** The deployment that a sender calls `externalId`; our own ids mean themselves. */
export function identifyById(externalId: string): DeploymentIdentity {
  const given = wellFormed(externalId);
  const id = fitsEverywhere.test(given) ? given : derivedId(['deployment', given]);
  return { id, key: deployment.key(id) };
}

/**
 * Which deployment a report is about, without a read: by its id; else by env, service (or repository) and the second
 * it began in, and beside those by commit or version, so that two in one second stay two.
 */
export function identify(report: DeploymentReport): DeploymentIdentity {
  const { external_id, env, service, repository_id, repository_url } = report;
  if (external_id !== undefined) return identifyById(external_id);
  const repository = service === undefined ? (repository_id ?? repository_url) : undefined;
  const second = (report.started_at ?? report.finished_at)?.slice(0, 19);
  const what = report.commit_sha ?? report.version;
  const id = derivedId([
    'deployment',
    ...[env, service, repository].map((name) => (name === undefined ? null : comparable(name))),
    second,
    what === undefined ? null : wellFormed(what),
  ]);
  return { id, key: deployment.key(id) };
}

/** Names are compared as the catalog's are; one that is too long for that, as it is. */
const comparable = (name: string): string => comparableName(name) ?? wellFormed(name);
