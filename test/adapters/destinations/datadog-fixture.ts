import type { Memory, Rendering } from '../../../lib/domain/destination/destination.ts';
import type { IncidentEvent } from '../../../lib/domain/incident/incident-event.ts';
import { destinationOf } from './fake-context.ts';

export const keys = { secrets: { 'env:API': ['CANARYAPIKEY'], 'env:APP': ['CANARYAPPKEY'] } };
export const plain = destinationOf('{ name: d, type: datadog, api_key: "env:API" }', keys);
export const deleting = destinationOf(
  '{ name: d, type: datadog, api_key: "env:API", application_key: "env:APP" }',
  keys,
);

export interface Sent {
  requests: { method: string; path: string; body?: string }[];
}

export interface Rendered {
  payload: Sent;
  memory?: Memory;
  memoryAfter?: Memory;
}

export function rendered(destination: typeof plain, event: IncidentEvent, memory?: Memory): Rendered {
  const rendering: Rendering = destination.render(event, memory);
  if ('skip' in rendering) throw new Error(`skipped: ${rendering.skip}`);
  return rendering as unknown as Rendered;
}

/** What is remembered once these have been accepted, one after the other. */
export function after(destination: typeof plain, ...events: IncidentEvent[]): Memory | undefined {
  return events.reduce<Memory | undefined>((memory, event) => {
    const rendering = destination.render(event, memory);
    return 'skip' in rendering ? memory : rendering.memoryAfter;
  }, undefined);
}

export const methods = ({ payload }: Rendered) => payload.requests.map(({ method }) => method);
export const body = ({ payload }: Rendered) => payload.requests.at(-1)?.body ?? '';
export const attributes = (rendering: Rendered) => JSON.parse(body(rendering)).data.attributes;
