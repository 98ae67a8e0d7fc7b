import type { DeploymentEvent } from '../../../domain/deployment/deployment-event.ts';
import { type DatadogRequest, type Mark, marksPath } from './requests.ts';

/** What is remembered of the mark on one deployment. */
export interface MarkMemory {
  /** It was, or may have been, marked. */
  marked?: true;
  /** The mark that was accepted last. */
  mark?: string;
}

/** Requests that bring the mark up to date, and what is remembered before and after them. */
export interface Marking {
  requests: DatadogRequest[];
  before: MarkMemory;
  after: MarkMemory;
}

const mayBeGone = ({ deployment: { status, deleted, same_as } }: DeploymentEvent): boolean =>
  deleted === true || same_as !== undefined || status === 'failed';

/**
 * Marks the deployment as a change failure while an incident is laid to it, again once it is known what put it right,
 * and takes the mark off when the last incident goes. Never says `false` of one that was not marked from here: Datadog
 * judges for itself. `id`: its id there, where that is known; else it is found by what is known of it. `ours`: it was
 * sent from here, as what puts it right is.
 * https://docs.datadoghq.com/api/latest/dora-metrics/#patch-a-deployment-event
 */
export function markingOf(
  event: DeploymentEvent,
  { marked, mark }: MarkMemory,
  id: string | undefined,
  ours: boolean,
): Marking | undefined {
  const { change_failure, remediation, version, git, datadog_service } = event.deployment;
  const about = {
    ...(id !== undefined && { id }),
    service: datadog_service ?? event.services[0] ?? '',
    env: event.env,
    started_at: event.started_at ?? event.finished_at,
    finished_at: event.finished_at,
    version,
    commit_sha: git?.commit_sha,
  };
  if (change_failure !== true || mayBeGone(event)) {
    if (!marked) return undefined;
    return {
      requests: [requestOf({ ...about, attributes: stable })],
      before: { marked },
      after: {},
    };
  }
  const attributes = { change_failure: true, ...remedy(remediation, ours) };
  const wanted = JSON.stringify(attributes);
  if (mark === wanted) return undefined;
  const asFirst = mark === undefined ? { first: true, noticed_at: event.occurred_at } : { first: false };
  const requests = [requestOf({ ...about, attributes, ...asFirst })];
  if (toldRemedy(mark) && !('remediation' in attributes))
    requests.unshift(requestOf({ ...about, attributes: stable }));
  return {
    requests,
    before: { marked: true, ...(mark !== undefined && { mark: '' }) },
    after: { marked: true, mark: wanted },
  };
}

const stable = { change_failure: false };

/**
 * What put it right may turn out to be something else, or nothing that is known: a mark that leaves it out does not
 * take it back, a stable deployment has none. Of a mark whose answer was lost nobody knows what it told.
 */
const toldRemedy = (mark: string | undefined): boolean =>
  mark !== undefined && (mark === '' || 'remediation' in JSON.parse(mark));

/** What is not known there under our id is named by its version; without one it cannot be named. */
function remedy(remediation: DeploymentEvent['deployment']['remediation'], ours: boolean) {
  if (!remediation) return {};
  const { id, version, type } = remediation;
  if (ours) return { remediation: { id, type } };
  return version === undefined ? {} : { remediation: { version, type } };
}

const requestOf = (mark: Mark): DatadogRequest => ({
  method: 'PATCH',
  path: marksPath,
  mark,
});
