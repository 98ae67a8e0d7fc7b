import type { EdgeRequest } from '../../../adapters/incoming-http/request.ts';
import { identify as identifyDeployment } from '../../../domain/deployment/identify.ts';
import { reported } from '../../../domain/deployment/log-events.ts';
import { readDeployment } from '../../../domain/dora/read-deployment.ts';
import { readIncident } from '../../../domain/dora/read-incident.ts';
import { identify as identifyIncident } from '../../../domain/incident-report/identify.ts';
import type { IncomingEvent } from '../../receive/incoming-event.ts';
import type { Reading } from '../../receive/source.ts';
import { done } from './answers.ts';
import { refused } from './operation.ts';

/** A row of the log has room for much more, but no report that means something is so long. */
const mostBytes = 64 * 1024;

/** `POST …/deployment`. The answer has the same id each time, without a read: it follows from the report. */
export function createDeployment({ rawBody, arrivedAtMs }: EdgeRequest): Reading {
  const { value, faults } = readDeployment(rawBody, arrivedAtMs);
  if (faults) return refused(faults);
  return recorded(reported(value), { id: identifyDeployment(value).id, type: 'dora_deployment' });
}

/** `POST …/failure` and `…/incident`, of which Datadog too answers both as a failure. */
export function createIncident({ rawBody, arrivedAtMs }: EdgeRequest): Reading {
  const { value, faults } = readIncident(rawBody, arrivedAtMs);
  if (faults) return refused(faults);
  const event = identifyIncident(value);
  return recorded(event, { id: event.id, type: 'dora_failure' });
}

function recorded(event: IncomingEvent, data: { id: string; type: string }): Reading {
  const { subject, eventId, eventType, occurredAtMs, body } = event;
  if (Buffer.byteLength(body) > mostBytes) {
    const detail = `all fields together must have at most ${mostBytes} bytes`;
    return refused([{ pointer: '/data/attributes', detail }]);
  }
  const written = { subject, eventId, eventType, occurredAtMs, body };
  return { kind: 'events', events: [written], answer: done(data) };
}
