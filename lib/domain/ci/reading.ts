import type { DeploymentReport } from '../deployment/deployment-report.ts';
import { readMoment } from '../dora/moment.ts';
import { readRepository } from '../dora/repository.ts';
import type { IncidentReport } from '../incident-report/incident-report.ts';
import { toIso } from '../pagerduty/timestamp.ts';
import { wellFormed } from '../text/well-formed.ts';

/** What people may have otherwise about what is read. */
export interface CiSettings {
  /** Deployments to environments that live for a while only are wanted, too. */
  transient_environments?: boolean | undefined;
}

/** What the webhook of a CI system comes to. */
export type CiReading =
  /** At least one in all. */
  | { kind: 'reports'; deployments: readonly DeploymentReport[]; incidents: readonly IncidentReport[] }
  /** Fine, and nothing that is kept here. `reason` begins with a code: `not_begun: queued`. */
  | { kind: 'ignored'; reason: string };

export const ignored = (code: string, detail: string): CiReading => ({
  kind: 'ignored',
  reason: `${code}: ${detail}`,
});

export const oneDeployment = (report: DeploymentReport): CiReading => ({
  kind: 'reports',
  deployments: [report],
  incidents: [],
});

/** The JSON in a body, or undefined where there is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names are kept as they are; a longer one is nothing that names. */
const longest = 255;

/** A name: not blank, not longer than names are. */
export function readName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const name = wellFormed(value.trim());
  return name === '' || name.length > longest ? undefined : name;
}

/** ISO 8601, UTC, milliseconds; a number is no time here, nor is a year that nothing can be deployed in. */
export function readMomentText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const { ms } = readMoment(value.replace(/ UTC$/, ' Z'));
  return ms === undefined ? undefined : toIso(ms);
}

/** A whole commit id; a short one could be any of several. */
export function readCommit(value: unknown): string | undefined {
  return typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value)
    ? value.toLowerCase()
    : undefined;
}

/** Where the code is. */
export interface Code {
  repository_id?: string;
  repository_url?: string;
}

export function repositoryOf(url: unknown): Code {
  const repository = typeof url === 'string' ? readRepository(url) : undefined;
  return repository === undefined ? {} : { repository_id: repository.id, repository_url: repository.url };
}

export const hostOf = (repositoryId: string): string => repositoryId.slice(0, repositoryId.indexOf('/'));

/** A ref that is a tag, or looks like a release. A branch is called as it was, whatever is deployed from it. */
export function versionOf(ref: unknown): string | undefined {
  const name = readName(ref);
  const tag = /^refs\/tags\/(.+)$/.exec(name ?? '')?.[1];
  return tag ?? (name !== undefined && /^v?\d+\.\d+\.\d+(?:[-+.][\w.+-]+)?$/i.test(name) ? name : undefined);
}
