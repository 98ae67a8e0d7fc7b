import { reported } from '../../../domain/deployment/log-events.ts';
import { arrivalReport } from '../../../domain/deployment/versions/arrival-report.ts';
import { judge, judgedAt } from '../../../domain/deployment/versions/judge.ts';
import { see } from '../../../domain/deployment/versions/see.ts';
import {
  readSighting,
  sightingId,
  sightingType,
} from '../../../domain/deployment/versions/sighting-entry.ts';
import {
  type Arrival,
  baseline,
  type Pace,
  type Tracking,
} from '../../../domain/deployment/versions/tracking.ts';
import { logKey } from '../../../domain/subject/log-key.ts';
import { versions as kind } from '../../../domain/subject/versions.ts';
import { expiry, iso } from '../../../store/database/due.ts';
import { appendEvent } from '../../../store/events/append-event.ts';
import {
  type DueEvent,
  deferEvent,
  readDueAt,
  readEvent,
  settleEvent,
} from '../../../store/events/events.ts';
import { readTracking, saveTracking } from '../../../store/state/versions.ts';
import { loggedEvent } from '../../receive/incoming-event.ts';
import type { WorkDeps } from '../deps.ts';
import type { Subject, Wake } from '../subject.ts';

/** A sighting of the log whose effect may not stand in the row yet. */
interface OpenSighting {
  due: DueEvent;
  running: ReturnType<typeof readSighting>;
  at: number;
}

/** Where `ingest:` has gone from the configuration, what was seen before is decided all the same. */
const usualSettleMinutes = 15;
/** Somebody else changed the row each time; then the due mark brings us back. */
const attempts = 5;

/** Takes into account what was seen of a service's versions, and reports those that have become deployments. */
export const versions: Subject = {
  kind,
  async work(deps, wake) {
    const settleMs = (deps.config.ingest?.settle_minutes ?? usualSettleMinutes) * 60_000;
    const sightings = await openSightings(deps, wake);
    const tracking = await decide(deps, wake.subject, sightings, settleMs);
    if (!tracking) return;
    await report(deps, wake.subject, tracking);
    for (const arrival of tracking.unreported) await closeFirst(deps, wake.subject, arrival);
    for (const sighting of sightings) await close(deps, sighting, tracking, settleMs);
  },
};

async function openSightings({ store }: WorkDeps, { subject, logKeys }: Wake): Promise<OpenSighting[]> {
  const open: OpenSighting[] = [];
  for (const logKey of [...logKeys].sort()) {
    const event = await readEvent(store, { incidentId: subject, logKey });
    if (!event?.dueAt) continue;
    const due = { incidentId: subject, logKey, dueAt: event.dueAt };
    open.push({ due, running: readSighting(event.body), at: Date.parse(event.occurredAt) });
  }
  return open;
}

/** Writes down what the sightings and the time make of what was known. */
async function decide(
  { store, clock }: WorkDeps,
  subject: string,
  sightings: readonly OpenSighting[],
  settleMs: number,
): Promise<Tracking | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const seen = await readTracking(store, subject);
    const pace: Pace = { settleMs, nowMs: clock.now() };
    const tracking = fold(seen.tracking, sightings, pace);
    if (!tracking || tracking === seen.tracking) return tracking;
    if (await saveTracking(store, subject, seen, tracking)) return tracking;
  }
  throw new Error(`What is known of ${subject} was changed by others again and again.`);
}

function fold(
  known: Tracking | undefined,
  sightings: readonly OpenSighting[],
  pace: Pace,
): Tracking | undefined {
  let tracking = known;
  for (const { running, at } of sightings) {
    const { service, namespace, env, ...version } = running;
    const sighting = { ...version, at };
    if (!tracking) {
      tracking = baseline(running, sighting);
      continue;
    }
    const seen = see(tracking, sighting, pace);
    if (seen.effect !== 'nothing') tracking = seen.tracking;
  }
  return tracking && judge(tracking, pace.nowMs, pace.settleMs);
}

/** Into the log of deployments, as from every other source; then it is taken off the row, where it was decided. */
async function report({ store, clock, telemetry }: WorkDeps, subject: string, tracking: Tracking) {
  if (tracking.unreported.length === 0) return;
  for (const arrival of tracking.unreported) {
    const entry = reported(arrivalReport(tracking, arrival));
    const now = clock.now();
    const status = await appendEvent(store, loggedEvent(entry, iso(now), {}), now);
    telemetry.info(`deployment seen in telemetry, ${status}`, {
      log_id: subject,
      event_id: entry.eventId,
      incident_id: entry.subject,
    });
  }
  const written = new Set(tracking.unreported.map(({ version, started }) => `${started} ${version}`));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const seen = await readTracking(store, subject);
    if (!seen.tracking) return;
    const unreported = seen.tracking.unreported.filter(
      ({ version, started }) => !written.has(`${started} ${version}`),
    );
    if (unreported.length === seen.tracking.unreported.length) return;
    if (await saveTracking(store, subject, seen, { ...seen.tracking, unreported })) return;
  }
  throw new Error(`What is known of ${subject} was changed by others again and again.`);
}

/** What a candidate began with waits for its being decided. That has come: `sweep` need not come for it once more. */
async function closeFirst({ store, clock, config }: WorkDeps, subject: string, arrival: Arrival) {
  const { version, started, again } = arrival;
  if (again) return;
  const key = {
    incidentId: subject,
    logKey: logKey(started, sightingType, sightingId(subject, version, started)),
  };
  const dueAt = await readDueAt(store, key);
  const expiresAt = expiry(clock.now(), config.retention_days);
  if (dueAt !== undefined) await settleEvent(store, { ...key, dueAt }, { expiresAt });
}

/**
 * A candidate's first sighting stays due until the candidate is decided: the mark is what brings us back. So does the
 * sighting of what ran before it, where that one was taken for the first and is settled.
 */
async function close(
  { store, clock, config }: WorkDeps,
  { due, running, at }: OpenSighting,
  { versions }: Tracking,
  settleMs: number,
): Promise<void> {
  const version = versions.find((known) => known.version === running.version);
  const isFirst = version?.standing === 'baseline' && version.since === at;
  const undecided = isFirst ? versions.filter(({ standing }) => standing === 'candidate') : [];
  if (version?.standing === 'candidate') undecided.push(version);
  if (undecided.length > 0) {
    const latest = Math.max(...undecided.map((candidate) => judgedAt(candidate, settleMs)));
    await deferEvent(store, due, latest);
    return;
  }
  const kept = version?.since === at && (version.standing === 'baseline' || version.standing === 'withdrawn');
  await settleEvent(store, due, {
    expiresAt: expiry(clock.now(), config.retention_days),
    ...(kept ? { outcome: `skipped: ${version.standing}` } : {}),
  });
}
