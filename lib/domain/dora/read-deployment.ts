import type { DeploymentReport } from '../deployment/deployment-report.ts';
import { readCommon } from './common-fields.ts';
import type { Fault, Read } from './fault.ts';
import { fieldsOf } from './fields.ts';
import { readAttributes } from './read-attributes.ts';

export const doraSource = 'dora_api';

/** Reads the body of `POST /api/v2/dora/deployment`. */
export function readDeployment(rawBody: Uint8Array, nowMs: number): Read<DeploymentReport> {
  const envelope = readAttributes(rawBody);
  if (envelope.faults) return envelope;
  const faults: Fault[] = [];
  const fields = fieldsOf(envelope.value.attributes, faults);
  const service = fields.text('service');
  if (service === undefined && faults.length === 0) fields.fault('service', 'is missing');
  const facts = readCommon(fields, nowMs);
  if (!fields.has('finished_at')) fields.fault('finished_at', 'is missing');
  if (service === undefined || faults.length > 0) return { faults };
  return { value: { source: doraSource, service, status: 'succeeded', ...facts } };
}
