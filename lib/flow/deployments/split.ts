import { reportedAs } from '../../domain/deployment/log-events.ts';
import type { Entry } from '../../domain/deployment/read-entries.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { deployment } from '../../domain/subject/deployment.ts';
import { derivedId } from '../../domain/subject/derived-id.ts';
import { logKey } from '../../domain/subject/log-key.ts';
import { appendEvent } from '../../store/events/append-event.ts';
import type { ProcessDeps } from '../freeze/deps.ts';

/** The id of the deployment of one service, where a deployment names a repository of several. */
export const partId = (id: string, service: string): string => derivedId(['deployment part', id, service]);

/**
 * What a deployment of several services was told is told of each: copies of its events in the logs of their own
 * deployments, which are worked on like any other. Written once, however often this is done.
 */
export async function tellParts(
  deps: ProcessDeps,
  id: string,
  services: readonly string[],
  events: readonly (readonly [LoggedEvent, Entry])[],
): Promise<string[]> {
  const parts: string[] = [];
  for (const service of services) {
    const part = partId(id, service);
    parts.push(part);
    for (const [event, entry] of events) {
      // What came with a commit is asked for each part: the one before it may be another. Nothing is laid to the whole.
      if (entry.kind === 'measured' || entry.kind === 'linked') continue;
      await appendEvent(deps.store, copied(event, entry, part, service), deps.clock.now());
    }
  }
  return parts;
}

function copied(event: LoggedEvent, entry: Entry, part: string, service: string): LoggedEvent {
  const key = deployment.key(part);
  const { dueAt: _due, ...kept } = event;
  const body =
    entry.kind === 'reported' ? reportedAs({ id: part, key }, { ...entry.report, service }).body : event.body;
  const eventId = derivedId(['part', part, event.eventId]);
  return {
    ...kept,
    incidentId: key,
    eventId,
    logKey: logKey(Date.parse(event.occurredAt), event.eventType, eventId),
    body,
  };
}
