import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { hostOf } from '../../adapters/git-hosts/host-of.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Comparison, LeadTimeState } from '../../domain/deployment/lead-time/ask.ts';
import type { DueEvent } from '../../store/events/events.ts';

/** A deployment whose lead time a git host is to be asked for. */
export interface LeadTimeWish {
  deploymentId: string;
  comparison: Comparison;
  /** When the deployment was first heard of, ISO 8601: after a day nobody goes on asking. */
  heardAt: string;
}

/** One that this worker may ask for: its mark brings the next one back, should this one not come to it. */
export interface MarkedWish extends LeadTimeWish {
  due: DueEvent;
}

export const wishOf = (
  { id, told }: Deployment,
  leadTime: LeadTimeState | undefined,
): LeadTimeWish | undefined =>
  leadTime?.state === 'open'
    ? { deploymentId: id, comparison: leadTime.comparison, heardAt: told.first_received_at }
    : undefined;

export const gitHostsOf = ({ git_hosts = [] }: Pick<BridgeConfig, 'git_hosts'>): string[] =>
  git_hosts.map(hostOf);
