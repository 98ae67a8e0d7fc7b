import { PagerDutyFault } from '../../../adapters/pagerduty-api/pagerduty-fault.ts';
import { listSubscriptions, readOneSubscription } from '../../../adapters/pagerduty-api/subscriptions.ts';
import { isOurs, missingEvents, type Subscription } from '../../../domain/pagerduty/subscription.ts';
import { type Check, type DoctorDeps, type Finding, fault, ok, skipped, warning } from '../check.ts';
import { noKey, setKey } from './token.ts';

const mend = 'npx pdbridge subscribe';

export const subscription: Check = {
  name: 'subscription',
  async look(deps) {
    if (deps.pagerDuty === undefined) return skipped(noKey, setKey);
    const ours = await ourSubscriptions(deps);
    if (ours === 'address_unknown')
      return skipped('the address that PagerDuty sends to is not known', '--url URL');
    if (typeof ours === 'string') return [fault(ours, setKey)];
    const [first, ...others] = ours;
    if (first === undefined) return [fault('no webhook subscription of the account leads here', mend)];
    const twice = others.filter(({ active }) => active).length > 0 && first.active;
    const double = twice
      ? [
          warning(
            `several subscriptions lead here (${ours.map(({ id }) => id).join(', ')}): every event comes more than once`,
            `${mend} --prune`,
          ),
        ]
      : [];
    const findings = [...ours.flatMap(judge), ...double];
    return findings.length > 0 ? findings : ok(`${first.id} leads here, active, with every event type`);
  },
};

function judge({ id, active, temporarilyDisabled, events, filter }: Subscription): Finding[] {
  if (temporarilyDisabled)
    return [fault(`${id} was disabled by PagerDuty for a while: nothing is sent`, mend)];
  if (!active) return [fault(`${id} is switched off: nothing is sent`, mend)];
  const missing = missingEvents(events);
  return [
    ...(missing.length > 0 ? [warning(`${id} does not send ${missing.join(', ')}`, mend)] : []),
    ...(filter === 'account_reference'
      ? []
      : [warning(`${id} sends only what belongs to one ${filter.replace('_reference', '')}`, mend)]),
  ];
}

/** Those that lead here, the active ones first; or why it is not known which do, in words. */
export async function ourSubscriptions(deps: DoctorDeps): Promise<Subscription[] | string> {
  const { pagerDuty, deployment } = deps;
  if (pagerDuty === undefined) return noKey;
  const { webhookUrl } = deployment;
  if (webhookUrl === undefined || !deployment.isPublic) return 'address_unknown';
  try {
    const ours = (await listSubscriptions(pagerDuty)).filter(({ url }) => isOurs(url, webhookUrl));
    // Whether one is disabled for a while is told where one asks for it alone.
    const whole = await Promise.all(
      ours.map(async (each) => (await readOneSubscription(pagerDuty, each.id)) ?? each),
    );
    return whole.sort((one, other) => Number(other.active) - Number(one.active));
  } catch (error) {
    if (error instanceof PagerDutyFault) return error.message;
    throw error;
  }
}
