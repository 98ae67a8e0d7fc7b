import type { CatalogEntry, CatalogService, CatalogTeam } from '../catalog/entry.ts';
import { sameName } from '../catalog/names.ts';
import type { Match, MatchInput, RuleName, Verdict } from './match.ts';
import { looseness, type NameLayers, nameLayers } from './name-settings.ts';
import { namesInDatadog, teamInDatadog } from './names-in-datadog.ts';
import type { Decision, Findings, Ruling } from './rule.ts';
import { rules } from './rules.ts';
import { quote } from './wording.ts';

interface Judged {
  rule: RuleName;
  ruling: Ruling;
}
type Winner = Judged & { ruling: Decision };

/**
 * Which catalog services and team a PagerDuty service belongs to, and why. `found` holds at least the entries
 * behind `lookupKeys(input)`; more entries and their order make no difference.
 */
export function decide(
  input: MatchInput,
  found: readonly CatalogEntry[],
  layers: NameLayers = nameLayers({}),
): Match {
  const findings = sortOut(found, layers);
  const judged = rules.flatMap((rule): Judged[] => {
    const ruling = rule.judge(input, findings);
    return ruling === undefined ? [] : [{ rule: rule.name, ruling }];
  });
  const winner = winnerOf(judged.filter((each): each is Winner => each.ruling.decided));
  const trace = traceOf(judged, winner);
  if (winner === undefined) return { rule: 'none', services: [], explanation: unmatched(input), trace };
  const { services, team, reason } = winner.ruling;
  const inDatadog = namesInDatadog(services, findings.services);
  const handle = teamInDatadog(team, findings.services);
  return {
    rule: winner.rule,
    services,
    ...(inDatadog === undefined ? {} : { datadog_services: inDatadog }),
    ...(team === undefined ? {} : { team }),
    ...(handle === undefined ? {} : { datadog_team: handle }),
    explanation: reason,
    trace,
  };
}

/**
 * The first rule, but a name that is found as written goes before one that is only spelled alike, whichever rule
 * found it: what decided before there were looser layers must decide after. The one thing a looser name may do
 * against a stricter rule is to say which of that very team's services is meant.
 */
function winnerOf(decided: readonly Winner[]): Winner | undefined {
  const strictest = Math.min(...decided.map(distance));
  const first = decided.find((each) => distance(each) === strictest);
  return decided.find((each) => each === first || (first !== undefined && sharpens(each, first)));
}

const distance = ({ ruling }: Winner): number => (ruling.by === undefined ? 0 : looseness(ruling.by));

const sharpens = ({ ruling }: Winner, { ruling: of }: Winner): boolean =>
  ruling.services.length === 1 && of.services.length === 0 && sameName(ruling.team, of.team);

function traceOf(judged: readonly Judged[], winner: Winner | undefined): Verdict[] {
  const place = winner === undefined ? judged.length : judged.indexOf(winner);
  return judged.map(({ rule, ruling }, at): Verdict => {
    if (winner !== undefined && at > place) {
      return { rule, decided: false, reason: `Not needed: ${winner.rule} decided.` };
    }
    if (!ruling.decided) return { rule, decided: false, reason: ruling.reason };
    const { reason, by } = ruling;
    const layer = by === undefined ? {} : { layer: by.layer };
    if (at === place) return { rule, decided: true, reason, ...layer };
    const why = `${winner?.rule} goes before it, because the name it found is nearer`;
    return { rule, decided: false, reason: `${reason.replace(/\.$/, '')}; but ${why}.`, ...layer };
  });
}

function unmatched({ service }: MatchInput): string {
  const name = service.name === undefined ? '' : ` ${quote(service.name)}`;
  return `No rule found a catalog service or team for PagerDuty service${name} (${service.id || service.url || 'no id'}).`;
}

function sortOut(found: readonly CatalogEntry[], layers: NameLayers): Findings {
  const services: CatalogService[] = [];
  const teams: CatalogTeam[] = [];
  for (const entry of found) {
    if (entry.type === 'service') services.push(entry);
    else teams.push(entry);
  }
  return { services, teams, layers };
}
