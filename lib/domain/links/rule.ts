import type { LinkSettings, Suffering, Suspect } from './facts.ts';

export type LinkRuleName = 'person' | 'commit' | 'version' | 'deployment_id' | 'time' | 'none';

/** What one rule says: a deployment, that there is none, or nothing, and why in a sentence. */
export type LinkVerdict =
  | { decided: true; deploymentId: string | null; reason: string }
  | { decided: false; reason: string };

/** One way to find the deployment that caused an incident. The order of the list in rules.ts is the order of trust. */
export interface LinkRule {
  name: Exclude<LinkRuleName, 'none'>;
  judge(incident: Suffering, suspects: readonly Suspect[], settings: LinkSettings): LinkVerdict;
}

export const silent = (reason: string): LinkVerdict => ({ decided: false, reason });
