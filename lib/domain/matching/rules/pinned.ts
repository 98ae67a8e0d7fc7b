import type { Rule } from '../rule.ts';
import { decision } from '../rule.ts';
import { quote, quoteAll } from '../wording.ts';

/** Goes before the four rules: a person has said where this PagerDuty service belongs. */
export const pinned: Rule<'pinned'> = {
  name: 'pinned',
  judge({ pin }) {
    const services = [
      ...new Set((pin?.services ?? []).map((name) => name.trim()).filter((name) => name !== '')),
    ];
    const team = pin?.team?.trim() || undefined;
    const to = [
      ...(services.length === 0
        ? []
        : [`${services.length === 1 ? 'service' : 'services'} ${quoteAll(services)}`]),
      ...(team === undefined ? [] : [`team ${quote(team)}`]),
    ];
    if (to.length === 0) return undefined;
    return decision(services, team, `A person pinned this PagerDuty service to ${to.join(' and ')}.`);
  },
};
