import type { SentEvent } from '../pagerduty/incident-picture.ts';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import { inOrder, type LoggedWebhook, referenceFold } from './reference-fold.ts';

const facts = [
  'started_at',
  'acknowledged_at',
  'finished_at',
  'time_to_acknowledge_seconds',
  'time_to_restore_seconds',
  'reopen_count',
] as const;

const asLogged = ({ eventId, type, occurredAtMs, body }: SentEvent): LoggedWebhook => ({
  eventId,
  type,
  occurredAtMs,
  arrival: 0,
  body,
});

/**
 * Of an incident whose beginning the bridge was not there to see: what its row gives as exact is what happened.
 * Whatever was lost in its midst besides may leave no trace, so those are not asked about.
 */
export const nothingExactIsWrong: Check = {
  name: 'no number is exact and wrong',
  look: ({ incidents }, broken) => {
    for (const { id, row, log, told, untold, isRead } of incidents) {
      if (!row || isRead || untold.length === 0 || log.length !== told.length) continue;
      const truth = referenceFold(inOrder([...untold, ...told].map(asLogged)));
      if (!truth) continue;
      const inferred: string[] = row['inferred'] ?? [];
      for (const name of facts) {
        if (row[name] === undefined || inferred.includes(name) || row[name] === truth[name]) continue;
        broken(`${id}: ${name} is ${row[name]} and not marked, it was ${truth[name]}`);
      }
    }
  },
};

/** The bridge has given up waiting for an event that tells of the incident itself. */
export const letGo = (row: Row | undefined): boolean => row?.['reason'] === 'never_told';

/**
 * An incident of which only notes were told is none anybody can say something about: it has no status and no times,
 * raises no alarm and is let go in the end, however things went.
 */
export const noPhantoms: Check = {
  name: 'nothing is said of an incident that nothing has told of',
  look: ({ run, incidents }, broken) => {
    for (const { id, row, log } of incidents) {
      if (!row || log.length === 0) continue;
      if (referenceFold(log)) {
        if (letGo(row)) broken(`${id} was let go although its service was told`);
        continue;
      }
      if (!letGo(row)) broken(`${id}, of which only notes were told, is still ${row['forwarding']}`);
      for (const name of ['status', 'started_at', 'finished_at'])
        if (row[name] !== undefined) broken(`${id} says ${name} ${row[name]}, which nobody has told`);
    }
    const reason = (row: { held_reason?: { S?: string } } | undefined) => row?.held_reason?.S;
    const became = run.changes.filter(
      ({ table, before, after }) =>
        table === 'incidents' &&
        reason(after as never) === 'unmatched' &&
        reason(before as never) !== 'unmatched',
    ).length;
    const counted = run.metrics['IncidentsHeld'] ?? 0;
    if (run.faults === 0 && counted > became)
      broken(`IncidentsHeld says ${counted}, ${became} incidents came to match nothing`);
  },
};
