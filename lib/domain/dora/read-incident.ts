import type { IncidentReport } from '../incident-report/incident-report.ts';
import { present, readCommon } from './common-fields.ts';
import type { Fault, Read } from './fault.ts';
import { fieldsOf } from './fields.ts';
import { readAttributes } from './read-attributes.ts';
import { doraSource } from './read-deployment.ts';

/** Reads the body of `POST /api/v2/dora/failure`, or `/incident`, which is the same. */
export function readIncident(rawBody: Uint8Array, nowMs: number): Read<IncidentReport> {
  const envelope = readAttributes(rawBody);
  if (envelope.faults) return envelope;
  const faults: Fault[] = [];
  const fields = fieldsOf(envelope.value.attributes, faults);
  // The API's first form had one service.
  const service = fields.text('service');
  const services = [
    ...fields.texts('services', { atMost: 100 }),
    ...(service === undefined ? [] : [service]),
  ];
  const { started_at, ...facts } = readCommon(fields, nowMs);
  if (faults.length === 0 && services.length === 0 && facts.team === undefined) {
    fields.fault('services', 'or team must be given, and not be empty');
  }
  const text = present({
    name: fields.text('name', { atMost: 4_000, lines: true }),
    severity: fields.text('severity'),
  });
  if (started_at === undefined || faults.length > 0) return { faults };
  return { value: { source: doraSource, services: [...new Set(services)], started_at, ...facts, ...text } };
}
