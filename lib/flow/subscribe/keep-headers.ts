import type { Step } from './decide.ts';
import { SubscribeFault } from './deps.ts';
import type { Situation } from './situation.ts';

/** A subscription is not replaced by one without its headers: PagerDuty does not tell what is in them. */
export function refuseToLoseHeaders({ ours, wanted }: Situation, step: Step): void {
  if (step.do !== 'create') return;
  for (const { id, headers } of ours) {
    const lost = headers.filter((name) => !wanted.headers.includes(name.toLowerCase()));
    if (lost.length === 0 || !step.replaces.includes(id)) continue;
    const hint = lost.some((name) => name.toLowerCase() === 'dd_env') ? '; say --env' : '';
    const text = `${id} has to be replaced, and sends the headers ${lost.join(', ')}, whose values PagerDuty does not tell, so a new one would be without them${hint}`;
    throw new SubscribeFault('headers', text);
  }
}
