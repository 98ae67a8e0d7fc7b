import { accountLog, countLogEntries } from '../../adapters/pagerduty-api/account-log.ts';
import { readOneIncident, type Window } from '../../adapters/pagerduty-api/incidents.ts';
import { untold } from '../../domain/incident/untold.ts';
import type { AccountIncident } from '../../domain/pagerduty/history/account-incident.ts';
import type { LogEntry } from '../../domain/pagerduty/history/log-entry.ts';
import { replay } from '../../domain/pagerduty/history/replay.ts';
import { incident as kind } from '../../domain/subject/incident.ts';
import { loggedEvents } from '../../store/events/events.ts';
import { repair } from './repair.ts';
import { checkTime, type Run } from './run.ts';

const longestMs = 86_400_000;
const secondMs = 1000;
/** As many entries are held at a time. */
const most = 2_000;
/** PagerDuty lists no more of one question. */
const cap = 10_000;

/**
 * The account's whole log since the watermark, the oldest first, window after window: it finds what the lists of
 * incidents cannot show, as notes, escalations, and what was resolved and opened again.
 */
export async function compareLog(run: Run): Promise<void> {
  const { state, untilMs } = run;
  while (state.entriesThroughMs < untilMs) {
    const window = await readable(run, state.entriesThroughMs);
    await compareWindow(run, window);
    state.entriesThroughMs = window.untilMs;
    await run.save();
  }
}

/** From then on as far as can be held at once, down to a second. */
async function readable({ deps, untilMs, report }: Run, sinceMs: number): Promise<Window> {
  for (let end = Math.min(sinceMs + longestMs, untilMs); ; ) {
    const total = await countLogEntries(deps.api, { sinceMs, untilMs: end });
    if (total <= most || end - sinceMs <= secondMs) {
      report.unreadable += Math.max(0, total - cap);
      return { sinceMs, untilMs: end };
    }
    end = sinceMs + Math.max(secondMs, Math.floor((end - sinceMs) / 2 / secondMs) * secondMs);
  }
}

interface Told {
  incident: AccountIncident | undefined;
  entries: LogEntry[];
}

async function compareWindow(run: Run, window: Window): Promise<void> {
  const incidents = new Map<string, Told>();
  for await (const { incidentId, incident, entry } of accountLog(run.deps.api, window, cap)) {
    const known = incidents.get(incidentId);
    if (known === undefined) incidents.set(incidentId, { incident, entries: [entry] });
    else known.entries.push(entry);
  }
  for (const [incidentId, told] of incidents) {
    checkTime(run);
    await compareEntries(run, incidentId, told);
  }
}

async function compareEntries(run: Run, incidentId: string, { incident, entries }: Told): Promise<void> {
  const { deps, state, report, told, untilMs } = run;
  // The lists have shown it already, and all of it was looked at.
  if (report.repaired.some((each) => each.incidentId === incidentId)) return;
  const whole = incident ?? (await readOneIncident(deps.api, incidentId));
  if (whole === undefined || whole.createdMs > untilMs || !told.incident(whole)) return;
  report.compared += 1;
  const log = await loggedEvents(deps.store, kind.key(incidentId));
  if (log.length === 0 && whole.createdMs < state.beginsMs) {
    report.past += 1;
    return;
  }
  // A part of its log is not enough to say what happened, but to see that something of it is missing here.
  const ids = new Set(entries.flatMap(({ id }) => [`import:${id}`, `import:${id}:reopen`]));
  const missing = untold(replay(whole, entries).events, log).filter(
    ({ id, type, atMs }) => ids.has(id) && atMs <= untilMs && told.event(type),
  );
  if (missing.length > 0) await repair(run, whole, 'log');
}
