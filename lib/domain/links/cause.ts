import { sameName } from '../catalog/names.ts';
import type { LinkSettings, Suffering, Suspect } from './facts.ts';
import { type Link, link } from './link.ts';
import { remediationOf } from './remediation.ts';

/** What caused an incident and what put that right, as far as is known. */
export interface Cause {
  link: Link;
  deployment?: Suspect;
  remediation?: Suspect;
}

/** `suspects` are those of the incident's services or team, those of the cause's service too, in any order. */
export function causeOf(incident: Suffering, suspects: readonly Suspect[], settings: LinkSettings): Cause {
  const found = link(incident, suspects, settings);
  const deployment = suspects.find(({ id }) => id === found.deploymentId);
  if (!deployment) return { link: found };
  const beside = suspects.filter(({ service }) => sameName(service, deployment.service));
  const remediation = remediationOf(deployment, incident, beside);
  return { link: found, deployment, ...(remediation && { remediation }) };
}
