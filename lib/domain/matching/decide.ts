import type { CatalogEntry, CatalogService, CatalogTeam } from '../catalog/entry.ts';
import type { Match, MatchInput, Verdict } from './match.ts';
import type { Findings, Ruling } from './rule.ts';
import { rules } from './rules.ts';
import { quote } from './wording.ts';

/**
 * Which catalog services and team a PagerDuty service belongs to, and why. `found` holds at least the entries
 * behind `lookupKeys(input)`; more entries and their order make no difference.
 */
export function decide(input: MatchInput, found: readonly CatalogEntry[]): Match {
  const findings = sortOut(found);
  const trace: Verdict[] = [];
  let winner: Match | undefined;
  for (const rule of rules) {
    if (winner !== undefined) {
      trace.push({ rule: rule.name, decided: false, reason: `Not needed: ${winner.rule} decided.` });
      continue;
    }
    const ruling = rule.judge(input, findings);
    if (ruling === undefined) continue;
    trace.push({ rule: rule.name, decided: ruling.decided, reason: ruling.reason });
    if (ruling.decided) winner = toMatch(rule.name, ruling, trace);
  }
  return winner ?? { rule: 'none', services: [], explanation: unmatched(input), trace };
}

function toMatch(rule: Match['rule'], ruling: Ruling & { decided: true }, trace: Verdict[]): Match {
  const { services, team, reason } = ruling;
  return { rule, services, ...(team === undefined ? {} : { team }), explanation: reason, trace };
}

function unmatched({ service }: MatchInput): string {
  const name = service.name === undefined ? '' : ` ${quote(service.name)}`;
  return `No rule found a catalog service or team for PagerDuty service${name} (${service.id || service.url || 'no id'}).`;
}

function sortOut(found: readonly CatalogEntry[]): Findings {
  const services: CatalogService[] = [];
  const teams: CatalogTeam[] = [];
  for (const entry of found) {
    if (entry.type === 'service') services.push(entry);
    else teams.push(entry);
  }
  return { services, teams };
}
