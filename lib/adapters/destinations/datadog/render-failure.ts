import type { Memory, Rendering } from '../../../domain/destination/destination.ts';
import type { IncidentEvent } from '../../../domain/incident/incident-event.ts';
import { type FailureIdentity, failureBody, failureId, identityOf, sameIdentity } from './failure-body.ts';
import type { DatadogRequest, DatadogSettings } from './requests.ts';
import { failurePath as path } from './retired-failures.ts';

/** What is remembered of one incident at Datadog. It must survive a crash between any two lines of an attempt. */
export interface FailureMemory extends Memory {
  /** With what the failure was, or may have been, sent first. */
  identity: FailureIdentity;
  /** The last body accepted. Absent while an attempt is under way: what Datadog has is then uncertain. */
  sent?: string;
  /** A picture with an end was, or may have been, accepted. */
  ended?: true;
  /** A picture with a severity was, or may have been, accepted. */
  severe?: true;
  /** An older failure of this incident is still to be deleted before the next is sent. */
  replace?: true;
  deleted?: true;
}

/**
 * Brings Datadog's picture of an incident up to date, with never two failures for one incident.
 *
 * - Same identity: the API merges what is sent with what it has, so the new picture is sent.
 * - Other environment, services, team or start: the identity already sent is kept; with an application key the old
 *   failure is deleted and the new one sent.
 * - Reopened: sent without an end. An API that merges may keep the old one, so with an application key the failure
 *   is deleted first; without, the end is corrected when the incident is resolved again.
 * - Priority taken away: sent without a severity, and deleted first in the same way.
 * - Taken back by who reported it: deleted likewise, else ended and tagged.
 * - Merged into another incident: not a failure of its own. Deleted with an application key, else ended and tagged.
 */
export function renderFailure(
  event: IncidentEvent,
  memory: FailureMemory | undefined,
  { tags, canDelete }: DatadogSettings,
): Rendering {
  const merged = event.incident.merged_into !== null;
  const withdrawn = event.incident.withdrawn_at !== undefined;
  const gone = merged || withdrawn;
  if (gone && !memory) return merged ? { skip: 'merged_before_sent' } : { skip: 'withdrawn_before_sent' };

  const id = failureId(event);
  const deletion = canDelete && id ? request('DELETE', `${path}/${id}`) : undefined;
  if (gone && memory && deletion) return deletedFailure(memory, deletion);

  const moved =
    memory !== undefined && deletion !== undefined && !sameIdentity(memory.identity, identityOf(event));
  const identity = memory && !moved ? memory.identity : identityOf(event);
  const body = failureBody(event, identity, tags);
  if (memory?.sent === body) {
    const same = sameIdentity(memory.identity, identityOf(event));
    return same ? { skip: 'unchanged' } : { skip: 'identity_kept' };
  }

  const ends = event.finished_at !== undefined || withdrawn;
  const withdrawsEnd = memory?.ended === true && !ends;
  const withdraws = withdrawsEnd || (memory?.severe === true && event.severity === undefined);
  const replace =
    deletion !== undefined && !memory?.deleted && (moved || withdraws || memory?.replace === true);
  const severe = event.severity !== undefined && event.source !== undefined;
  const before: FailureMemory = {
    identity,
    ...(ends || memory?.ended ? { ended: true } : {}),
    ...(severe || memory?.severe ? { severe: true } : {}),
    ...(replace ? { replace: true } : {}),
  };
  const after: FailureMemory = {
    identity,
    sent: body,
    ...(ends ? { ended: true } : {}),
    ...(severe ? { severe: true } : {}),
  };
  const requests = [...(replace && deletion ? [deletion] : []), request('POST', path, body)];
  // What was accepted before tells a refusal of this picture from one of all. A replaced one must not come back.
  const took = replace ? undefined : memory?.sent;
  const payload = { requests, ...(took === undefined ? {} : { took }) };
  return { payload, memory: before, memoryAfter: after };
}

function deletedFailure(memory: FailureMemory, deletion: DatadogRequest): Rendering {
  if (memory.deleted) return { skip: 'unchanged' };
  const { identity } = memory;
  return {
    payload: { requests: [deletion] },
    memory: { identity, replace: true },
    memoryAfter: { identity, deleted: true },
  };
}

function request(method: 'POST' | 'DELETE', at: string, body?: string): DatadogRequest {
  return { method, path: at, ...(body === undefined ? {} : { body }) };
}
