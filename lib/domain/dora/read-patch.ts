import type { DeploymentPatch, Remediation } from '../deployment/deployment-report.ts';
import { present } from './common-fields.ts';
import type { Fault, Read } from './fault.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { doraSource } from './read-deployment.ts';
import { readTyped } from './read-typed.ts';

/** What names a deployment beside its id. */
export interface VersionOf {
  service: string;
  env: string;
  version: string;
}

const type = 'dora_deployment_patch_request';
const hint = 'nothing else changes a deployment';

/** Reads the body of `PATCH …/deployments/{id}`. */
export function readPatch(rawBody: Uint8Array, id: string): Read<DeploymentPatch> {
  const faults: Fault[] = [];
  const envelope = readTyped(rawBody, type, hint);
  if (envelope.faults) return envelope;
  const { id: said, attributes } = envelope.value;
  if (said !== undefined && said !== id) {
    faults.push({ pointer: '/data/id', detail: 'data.id must be the id in the path' });
  }
  const patch = patchOf(fieldsOf(attributes, faults));
  return faults.length > 0 || patch === undefined ? { faults } : { value: patch };
}

/** Reads the body of `PATCH …/deployments`, which names the deployment by service, env and version. */
export function readPatchByVersion(rawBody: Uint8Array): Read<{ patch: DeploymentPatch; of: VersionOf }> {
  const faults: Fault[] = [];
  const envelope = readTyped(rawBody, type, hint);
  if (envelope.faults) return envelope;
  const fields = fieldsOf(envelope.value.attributes, faults);
  const [service, env, version] = ['service', 'env', 'version'].map((key) => {
    const text = fields.text(key);
    if (text === undefined && !fields.has(key)) fields.fault(key, 'is missing');
    return text;
  });
  const patch = patchOf(fields);
  if (!service || !env || !version || !patch || faults.length > 0) return { faults };
  return { value: { patch, of: { service, env, version } } };
}

function patchOf(fields: Fields): DeploymentPatch | undefined {
  const change_failure = fields.flag('change_failure');
  if (!fields.has('change_failure')) fields.fault('change_failure', 'is missing');
  const remediation = fields.object('remediation');
  const read = remediation && remediationOf(remediation, fields);
  return change_failure === undefined
    ? undefined
    : { source: doraSource, change_failure, ...(read && { remediation: read }) };
}

function remediationOf(fields: Fields, outer: Fields): Remediation | undefined {
  const kind = fields.text('type', { form: /^roll(back|forward)$/, formed: 'rollback or rollforward' });
  if (!fields.has('type')) fields.fault('type', 'is missing; it must be rollback or rollforward');
  // An id is whatever was answered: the rule for new ones does not hold.
  const id = fields.text('id');
  const version = fields.text('version');
  if (fields.has('id') === fields.has('version')) {
    return outer.fault(
      'remediation',
      'must have either the id or the version of the deployment that put it right',
    );
  }
  return kind === undefined ? undefined : present({ id, version, type: kind as Remediation['type'] });
}
