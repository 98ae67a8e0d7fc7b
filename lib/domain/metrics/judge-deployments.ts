import type { LinkSettings, Suffering, Suspect } from '../links/facts.ts';
import { type Link, link } from '../links/link.ts';
import { remediationOf } from '../links/remediation.ts';
import type { MeasuredDeployment, MeasuredIncident } from './facts.ts';
import { type Suspects, suspectsAmong } from './suspects.ts';

/** A deployment that is one of its own, with a service. */
export interface KnownDeployment extends Suspect {
  kind: MeasuredDeployment['kind'];
  /** As a person or another program has said. */
  changeFailure: boolean | undefined;
  remediationId: string | undefined;
  leadTimeSeconds: number | undefined;
  leadTimeReason?: MeasuredDeployment['leadTimeReason'];
}

/** An incident that counts, as the formulas want it and as a link is judged by it. */
export interface CountedIncident {
  measured: MeasuredIncident;
  suffering: Suffering;
  /** The deployment that was recorded to have caused it. */
  causedBy?: string | undefined;
}

export interface Judged {
  deployments: MeasuredDeployment[];
  /** By the incident's id. */
  links: Map<string, Link>;
}

/**
 * Which deployments failed: one that an incident is linked to, or that was said to have; not one whose window has
 * passed without; of the others nobody can know yet. Everything is judged by what is known now, in any order.
 */
export function judgeDeployments(
  known: readonly KnownDeployment[],
  incidents: readonly CountedIncident[],
  settings: LinkSettings,
  nowMs: number,
): Judged {
  const suspects = suspectsAmong(known, settings.windowMs);
  const links = new Map<string, Link>();
  const caused = new Map<string, CountedIncident[]>();
  for (const incident of incidents) {
    const found = link(incident.suffering, suspects.of(incident.suffering), settings);
    links.set(incident.measured.id, found);
    if (found.deploymentId === undefined) continue;
    const before = caused.get(found.deploymentId);
    if (before) before.push(incident);
    else caused.set(found.deploymentId, [incident]);
  }
  const byId = new Map(known.map((each) => [each.id, each]));
  const remediations = new Map<string, string>();
  for (const [id, failures] of caused) {
    const cause = byId.get(id);
    const found = cause && remedy(cause, failures, suspects);
    if (found) remediations.set(id, found.id);
  }
  const remedies = new Set(remediations.values());
  const deployments = known.flatMap((each): MeasuredDeployment[] => {
    const { id, finishedAtMs, status } = each;
    if (finishedAtMs === undefined || status === 'in_progress') return [];
    const failures = caused.get(id) ?? [];
    const remediation = byId.get(each.remediationId ?? remediations.get(id) ?? '');
    return [
      {
        ...each,
        finishedAtMs,
        status,
        kind: each.kind !== 'rollback' && remedies.has(id) ? 'rollforward' : each.kind,
        changeFailure: each.changeFailure ?? judged(failures.length, finishedAtMs, settings, nowMs),
        remediatedAtMs: remediation?.finishedAtMs,
        causedEndedAtMs: endOf(failures),
      },
    ];
  });
  return { deployments, links };
}

function judged(failures: number, finishedAtMs: number, { windowMs }: LinkSettings, nowMs: number) {
  if (failures > 0) return true;
  return nowMs > finishedAtMs + windowMs ? false : undefined;
}

function remedy(
  cause: KnownDeployment,
  failures: readonly CountedIncident[],
  suspects: Suspects<KnownDeployment>,
): Suspect | undefined {
  for (const { suffering } of [...failures].sort((a, b) => a.measured.startedAtMs - b.measured.startedAtMs)) {
    const found = remediationOf(cause, suffering, suspects.after(cause, suffering));
    if (found) return found;
  }
  return undefined;
}

/** The last end of them; undefined while one of them is open. */
function endOf(failures: readonly CountedIncident[]): number | undefined {
  const ends = failures.map(({ measured }) => measured.finishedAtMs);
  if (ends.length === 0 || ends.includes(undefined)) return undefined;
  return Math.max(...ends.map((end) => end ?? 0));
}
