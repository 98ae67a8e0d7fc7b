import type { AccountIncident } from '../../domain/pagerduty/history/account-incident.ts';
import { type Difference, differs, type KnownIncident } from '../../domain/pagerduty/history/differs.ts';
import { parseTimestamp } from '../../domain/pagerduty/timestamp.ts';
import { incident as kind } from '../../domain/subject/incident.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { readIncident } from '../../store/incidents/incidents.ts';
import { importIncident } from '../import/import-incident.ts';
import { checkTime, type Run } from './run.ts';

const dayMs = 86_400_000;

/** Compares one incident as PagerDuty lists it with our row, and imports it where they differ. */
export async function compare(run: Run, incident: AccountIncident): Promise<void> {
  checkTime(run);
  const { deps, state, report, untilMs, told } = run;
  run.met.add(incident.id);
  if (incident.createdMs > untilMs || !told.incident(incident)) return;
  report.compared += 1;
  const row = await readIncident(deps.store, kind.key(incident.id));
  const difference = differs(incident, knownFrom(row), untilMs);
  if (difference === undefined) return;
  if (difference === 'unknown' && incident.createdMs < state.beginsMs) {
    report.past += 1;
    return;
  }
  const asItIs = incident.updatedAt ?? String(incident.lastStatusChangeMs ?? incident.createdMs);
  if (state.looked[incident.id] === asItIs) return;
  const written = await repair(run, incident, difference);
  // It differs in what its log does not tell: there is no use in asking again before something happens to it.
  const settled = (parseTimestamp(incident.updatedAt) ?? 0) <= untilMs;
  if (written === 0 && settled) state.looked[incident.id] = asItIs;
}

/** Imports what nobody has told us of an incident, to be sent as if webhooks had; how many events that were. */
export async function repair(run: Run, incident: AccountIncident, why: Difference | 'log'): Promise<number> {
  const { deps, question, report, told, untilMs } = run;
  const events: string[] = [];
  const { written, unknown } = await importIncident(deps, incident, 'repair', untilMs, {
    // What was told before may have expired, and would be told twice.
    sinceMs: deps.clock.now() - (deps.retentionDays - 1) * dayMs,
    tells: told.event,
    dryRun: question.dryRun,
    onEvent: ({ type }) => events.push(type),
  });
  for (const [type, number] of Object.entries(unknown))
    report.unknown[type] = (report.unknown[type] ?? 0) + number;
  if (written === 0) return 0;
  report.repaired.push({ incidentId: incident.id, why, events });
  report.events += written;
  if (question.dryRun) return written;
  deps.telemetry.metric('ReconcileRepaired', written);
  deps.telemetry.warn('events of an incident were missing and are read from PagerDuty', {
    incident_id: incident.id,
    why,
    event_types: events,
  });
  return written;
}

function knownFrom(row: Row | undefined): KnownIncident | undefined {
  if (row === undefined) return undefined;
  const text = (name: string) => (typeof row[name] === 'string' ? (row[name] as string) : undefined);
  const finishedMs = parseTimestamp(row['finished_at']);
  return {
    status: text('status'),
    serviceId: text('pagerduty_service_id'),
    priority: text('priority'),
    finishedMs,
  };
}
