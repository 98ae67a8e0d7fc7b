import type { LinkSettings, Suffering, Suspect } from './facts.ts';
import type { LinkRuleName } from './rule.ts';
import { linkRules } from './rules.ts';

export interface Link {
  rule: LinkRuleName;
  /** Absent where no deployment caused it, as far as is known or as a person said. */
  deploymentId?: string;
  /** One sentence. */
  explanation: string;
  trace: { rule: LinkRuleName; decided: boolean; reason: string }[];
}

/**
 * Which deployment caused the incident: one at most. `suspects` are in any order; those that came to be known later
 * are simply judged with the others, so the outcome depends on what is known and not on when it was told.
 */
export function link(incident: Suffering, suspects: readonly Suspect[], settings: LinkSettings): Link {
  const trace: Link['trace'] = [];
  if (incident.mergedInto !== undefined && !incident.person) {
    const explanation = `It went on as incident ${incident.mergedInto}, which is linked instead.`;
    return { rule: 'none', explanation, trace };
  }
  for (const { name, judge } of linkRules) {
    const verdict = judge(incident, suspects, settings);
    trace.push({ rule: name, decided: verdict.decided, reason: verdict.reason });
    if (!verdict.decided) continue;
    const { deploymentId, reason } = verdict;
    return { rule: name, ...(deploymentId !== null && { deploymentId }), explanation: reason, trace };
  }
  const last = trace.at(-1)?.reason ?? '';
  return { rule: 'none', explanation: `Not caused by a deployment that is known. ${last}`, trace };
}
