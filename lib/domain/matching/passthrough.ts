import type { PagerDutyRef } from '../pagerduty/reference.ts';
import type { Match, MatchInput } from './match.ts';

const nameOf = ({ id, name }: PagerDutyRef): string => name?.trim() || id;

/**
 * What `unmatched: passthrough` sends: the PagerDuty names as they are, ids where a name is missing. The trace
 * of the match that found nothing is kept, so that it still says why.
 */
export function passthroughMatch(input: MatchInput, unmatched?: Match): Match {
  const [team] = input.teams;
  return {
    rule: 'none',
    services: [nameOf(input.service)],
    ...(team === undefined ? {} : { team: nameOf(team) }),
    explanation:
      'No rule found a catalog service or team, so the PagerDuty names go out as they are (unmatched: passthrough).',
    trace: unmatched?.trace ?? [],
  };
}
