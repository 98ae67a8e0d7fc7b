import type { EdgeRequest } from '../../../adapters/incoming-http/request.ts';
import type { DeploymentPatch } from '../../../domain/deployment/deployment-report.ts';
import { type DeploymentEntry, deleted, patched } from '../../../domain/deployment/log-events.ts';
import { readPatch, readPatchByVersion, type VersionOf } from '../../../domain/dora/read-patch.ts';
import { mappedName } from '../../../domain/incident/mapped-name.ts';
import { identifyWithdrawal } from '../../../domain/incident-report/identify.ts';
import { latestOfVersion } from '../../../store/deployments/latest-of-version.ts';
import type { IncomingEvent } from '../../receive/incoming-event.ts';
import type { Reading } from '../../receive/source.ts';
import type { IngestDeps } from '../deps.ts';
import { badRequest, notFound, removed, taken } from './answers.ts';
import { findDeployment } from './deployments.ts';
import { findFailure } from './failures.ts';
import { refused } from './operation.ts';
import { deployments, failures, unknown } from './read.ts';

/** `PATCH …/deployments/{id}`. The verdict is an event of the deployment's log, like a report. */
export const patch =
  ({ store }: IngestDeps, id: string) =>
  async ({ rawBody, arrivedAtMs }: EdgeRequest): Promise<Reading> => {
    const { value, faults } = readPatch(rawBody, id);
    if (faults) return refused(faults);
    const found = await findDeployment(store, id);
    if (!found) return { kind: 'answered', answer: unknown(deployments) };
    return patchOf(found.resource.id, value, arrivedAtMs);
  };

/** `PATCH …/deployments`: of several of this version, the one that was finished last. */
export const patchByVersion =
  (deps: IngestDeps) =>
  async ({ rawBody, arrivedAtMs }: EdgeRequest): Promise<Reading> => {
    const { value, faults } = readPatchByVersion(rawBody);
    if (faults) return refused(faults);
    const id = await find(deps, value.of);
    if (id !== undefined) return patchOf(id, value.patch, arrivedAtMs);
    return { kind: 'answered', answer: notFound('There is no deployment of this service, env and version.') };
  };

/** The env may be told as senders call it, or as the bridge does. */
async function find({ store, config }: IngestDeps, { service, env, version }: VersionOf) {
  const mapped = mappedName(config.env_names, env) ?? env;
  return latestOfVersion(store, service, mapped, version);
}

const patchOf = (id: string, value: DeploymentPatch, atMs: number): Reading => ({
  kind: 'events',
  events: [written(patched(id, value, atMs))],
  answer: taken,
});

/** `DELETE …/deployment/{id}`. */
export const removeDeployment =
  ({ store }: IngestDeps, id: string) =>
  async ({ arrivedAtMs }: EdgeRequest): Promise<Reading> => {
    const found = await findDeployment(store, id);
    if (!found) return { kind: 'answered', answer: unknown(deployments) };
    return { kind: 'events', events: [written(deleted(found.resource.id, arrivedAtMs))], answer: removed };
  };

/** `DELETE …/failure/{id}`. PagerDuty's incidents are PagerDuty's to end. */
export const removeFailure =
  ({ store }: IngestDeps, id: string) =>
  async ({ arrivedAtMs }: EdgeRequest): Promise<Reading> => {
    const found = await findFailure(store, id);
    if (!found) return { kind: 'answered', answer: unknown(failures) };
    if (found.resource.attributes['source'] === 'pagerduty') {
      const detail = 'an incident of PagerDuty cannot be deleted here; resolve or merge it in PagerDuty';
      return { kind: 'answered', answer: badRequest([{ pointer: '', detail }]) };
    }
    const { subject, eventId, eventType, occurredAtMs, body } = identifyWithdrawal(id, arrivedAtMs);
    return { kind: 'events', events: [{ subject, eventId, eventType, occurredAtMs, body }], answer: removed };
  };

const written = ({ subject, eventId, eventType, occurredAtMs, body }: DeploymentEntry): IncomingEvent => ({
  subject,
  eventId,
  eventType,
  occurredAtMs,
  body,
});
