import type { Found } from './look-up-name.ts';

const shown = 5;

export function quote(name: string): string {
  return `"${name}"`;
}

/** `"a", "b" and "c"`; a long list is cut and says by how much. */
export function quoteAll(names: readonly string[]): string {
  const quoted = names.slice(0, shown).map(quote);
  if (names.length > shown) quoted.push(`${names.length - shown} more`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`;
}

/** `team "payments"`, or that there is none. */
export function teamPhrase(team: string | undefined): string {
  return team === undefined ? 'which has no team' : `which belongs to team ${quote(team)}`;
}

/** `… is the name of`, or how near it is to that. `other` is what a name that is not the own one is called. */
export function isNameOf(
  pagerDutyName: string,
  { layer, leftOut = [] }: Pick<Found<unknown>, 'layer' | 'leftOut'>,
  other: 'title' | 'name',
): string {
  if (layer === 'title') return `${pagerDutyName} is the ${other} of`;
  if (layer === 'folded') return `${pagerDutyName} is, but for separators and case, the name of`;
  if (layer === 'loose') return `${pagerDutyName} is, with ${quoteAll(leftOut)} left out, the name of`;
  return `${pagerDutyName} is the name of`;
}
