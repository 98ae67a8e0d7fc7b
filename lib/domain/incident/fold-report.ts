import type { IncidentReport } from '../incident-report/incident-report.ts';
import type { Told } from './dialect.ts';
import type { Draft } from './draft.ts';
import type { FoldEvent } from './fold-event.ts';
import { readBack } from './read-back.ts';
import type { GivenFacts, ReportedFacts } from './state.ts';
import { millisBetween } from './times.ts';

/**
 * What other programs tell, each fact as it was received last:
 *
 *     received     start, name A      end       start, name B, no end
 *     known        start, A           start, end, A     start, end, B
 *
 * A report says what its sender knew, so what it does not mention stays. The order of folding is that of the log and
 * means nothing here: the moments of receipt, kept with each fact, make the outcome the same for every order.
 */
export function foldReport(next: Draft, event: FoldEvent, { report, externalId, stamp }: Told): void {
  if (event.type === 'incident.deleted') {
    next.withdrawn_at = earlier(next.withdrawn_at, event.at);
    return;
  }
  if (report === undefined) return;
  const known = next.reported ?? { external_id: externalId, source: report.source, facts: {}, told: {} };
  next.reported = { ...withFacts(known, report, stamp), ...firstTold(known, report, stamp) };
  const { name, started_at, seen_at, finished_at } = next.reported.facts;
  next.title = name;
  // Of an incident that nobody has said to have begun, the start is not known; see inferred.ts.
  next.created_at = started_at ?? seen_at;
  next.status = finished_at === undefined ? 'triggered' : 'resolved';
  next.resolved_at = finished_at;
  next.active_ms = millisBetween(next.created_at, finished_at);
}

function withFacts(known: ReportedFacts, report: IncidentReport, stamp: string): ReportedFacts {
  const facts: Record<string, unknown> = { ...known.facts };
  const told = { ...known.told };
  const { source: _source, external_id: _id, seen_at, ...given } = report;
  if (seen_at !== undefined) facts['seen_at'] = earlier(known.facts.seen_at, seen_at);
  for (const [name, value] of Object.entries(given)) {
    const said = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (!said || (told[name] ?? '') > stamp) continue;
    facts[name] = value;
    told[name] = stamp;
  }
  return { ...known, facts: facts as GivenFacts, told };
}

/** An incident comes from who told of it first: that stays, whoever adds to it. */
function firstTold({ source, first }: ReportedFacts, report: IncidentReport, stamp: string) {
  // Whoever tells it here is its source, also after it was read back.
  const at = stamp.startsWith(readBack) ? `9${stamp}` : stamp;
  return first === undefined || at < first ? { source: report.source, first: at } : { source, first };
}

const earlier = (known: string | undefined, at: string): string =>
  known !== undefined && known < at ? known : at;
