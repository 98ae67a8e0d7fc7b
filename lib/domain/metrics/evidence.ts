import { leadTimeSentence } from '../deployment/lead-time/reasons.ts';
import type { Link } from '../links/link.ts';
import type { MeasuredDeployment, MeasuredIncident, Records } from './facts.ts';
import { isDuring, isOpen, narrow, type Scope } from './scope.ts';

/** Numbers that can be opened down to what they are made of. */
export const numbers = [
  'deployments',
  'change_failure_rate',
  'incidents_per_deployment',
  'time_to_restore',
  'failed_deployment_recovery_time',
  'change_lead_time',
  'rework_rate',
  'open_incidents',
] as const;
export type NumberName = (typeof numbers)[number];

/** An incident or a deployment that was looked at. */
export interface Exhibit {
  kind: 'incident' | 'deployment';
  id: string;
  /** Whether it is in the number; else `reason` says why it is not. */
  counts: boolean;
  services: readonly string[];
  env?: string | undefined;
  atMs: number;
  seconds?: number | undefined;
  reason: string;
}

export interface Evidence {
  /** How the number is computed, in a sentence. */
  rule: string;
  exhibits: Exhibit[];
}

/** What a number is made of, in the order of time, with the reason for each. */
export function evidence(
  number: NumberName,
  all: Records,
  scope: Scope,
  links: ReadonlyMap<string, Link>,
): Evidence {
  const within = narrow(all, scope);
  const finished = within.deployments.filter(({ finishedAtMs }) => isDuring(scope, finishedAtMs));
  const context: Context = {
    deployments: finished.filter(({ status }) => status === 'succeeded'),
    unsuccessful: finished.filter(({ status }) => status === 'failed'),
    started: within.incidents.filter(({ startedAtMs }) => isDuring(scope, startedAtMs)),
    ended: within.incidents.filter(
      (each) => each.finishedAtMs !== undefined && isDuring(scope, each.finishedAtMs),
    ),
    open: within.incidents.filter((each) => isOpen(scope, each)),
    isDeployed: all.isDeployed,
    links,
  };
  const { rule, of } = opened[number];
  return { rule, exhibits: of(context).sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1)) };
}

interface Context {
  deployments: readonly MeasuredDeployment[];
  unsuccessful: readonly MeasuredDeployment[];
  started: readonly MeasuredIncident[];
  ended: readonly MeasuredIncident[];
  open: readonly MeasuredIncident[];
  isDeployed(incident: MeasuredIncident): boolean;
  links: ReadonlyMap<string, Link>;
}

const opened: Record<NumberName, { rule: string; of(context: Context): Exhibit[] }> = {
  deployments: {
    rule: 'Successful deployments by the time they were finished.',
    of: ({ deployments, unsuccessful }) => [
      ...deployments.map((each) => ofDeployment(each, true, each.kind ?? 'succeeded')),
      ...unsuccessful.map((each) => ofDeployment(each, false, 'It did not succeed.')),
    ],
  },
  change_failure_rate: {
    rule: 'Of the successful deployments those that failed: an incident is linked to them, or somebody said so.',
    of: ({ deployments, started, links }) => [
      ...deployments.map((each) => ofDeployment(each, each.changeFailure === true, verdictOn(each, links))),
      ...started
        .filter(({ id }) => links.get(id)?.deploymentId !== undefined)
        .map((each) => ofIncident(each, false, links.get(each.id)?.explanation ?? '')),
    ],
  },
  incidents_per_deployment: {
    rule: 'Incidents by their start, not merged, of services of which deployments are known, by successful deployments.',
    of: ({ started, isDeployed, links }) =>
      started.map((each) => {
        if (each.merged) return ofIncident(each, false, 'It went on as another incident, which counts.');
        if (!isDeployed(each)) return ofIncident(each, false, 'No deployment of its services was ever told.');
        return ofIncident(each, true, links.get(each.id)?.explanation ?? '');
      }),
  },
  time_to_restore: {
    rule: 'Incidents by their end, not merged; how long each was active.',
    of: ({ ended }) =>
      ended.map((each) => {
        if (each.merged) return ofIncident(each, false, 'It went on as another incident, which counts.');
        if (each.timeToRestoreSeconds === undefined)
          return ofIncident(each, false, 'How long it took is not known exactly.');
        return ofIncident(each, true, 'It was resolved.');
      }),
  },
  failed_deployment_recovery_time: {
    rule: 'Failed deployments, from their finish to that of the deployment that made up for them, else to the end of the last incident they caused.',
    of: ({ deployments }) =>
      deployments
        .filter(({ changeFailure }) => changeFailure === true)
        .map((each) => {
          const end = each.remediatedAtMs ?? each.causedEndedAtMs;
          if (end === undefined)
            return ofDeployment(each, false, 'Nothing is known to have made up for it yet.');
          const how =
            each.remediatedAtMs === undefined ? 'Its incidents ended.' : 'Another deployment made up for it.';
          return { ...ofDeployment(each, true, how), seconds: (end - each.finishedAtMs) / 1000 };
        }),
  },
  change_lead_time: {
    rule: 'Successful deployments whose commits are known: of each the median from commit to finish, merges left out.',
    of: ({ deployments }) =>
      deployments.map((each) =>
        each.leadTimeSeconds === undefined
          ? ofDeployment(each, false, noLeadTime(each))
          : { ...ofDeployment(each, true, 'Its commits are known.'), seconds: each.leadTimeSeconds },
      ),
  },
  rework_rate: {
    rule: 'Successful deployments that were made to mend another.',
    of: ({ deployments }) =>
      deployments.map((each) =>
        ofDeployment(
          each,
          each.kind === 'rollback' || each.kind === 'rollforward',
          each.kind ?? 'Its kind is not known.',
        ),
      ),
  },
  open_incidents: {
    rule: 'Incidents that are open now and began before the end of the range.',
    of: ({ open }) =>
      open.map((each) =>
        each.merged
          ? ofIncident(each, false, 'It went on as another incident.')
          : ofIncident(each, true, 'It is open.'),
      ),
  },
};

function verdictOn({ id, changeFailure }: MeasuredDeployment, links: Context['links']): string {
  if (changeFailure === undefined) return 'Not judged yet: an incident may still be linked to it.';
  if (!changeFailure) return 'It did not fail: no incident is linked to it.';
  const linked = [...links]
    .filter(([, { deploymentId }]) => deploymentId === id)
    .map(([incident]) => incident);
  return linked.length === 0
    ? 'It was reported to have failed.'
    : `Linked to it: ${linked.sort().join(', ')}.`;
}

const noLeadTime = ({ leadTimeReason }: MeasuredDeployment): string =>
  leadTimeReason === undefined ? 'Its commits are not known.' : leadTimeSentence(leadTimeReason);

const ofDeployment = (each: MeasuredDeployment, counts: boolean, reason: string): Exhibit => ({
  kind: 'deployment',
  id: each.id,
  counts,
  services: each.service === undefined ? [] : [each.service],
  env: each.env,
  atMs: each.finishedAtMs,
  reason,
});

const ofIncident = (each: MeasuredIncident, counts: boolean, reason: string): Exhibit => ({
  kind: 'incident',
  id: each.id,
  counts,
  services: each.services,
  env: each.env,
  atMs: each.startedAtMs,
  seconds: each.timeToRestoreSeconds,
  reason,
});
