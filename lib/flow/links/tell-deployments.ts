import { linked } from '../../domain/deployment/log-events.ts';
import { derivedId } from '../../domain/subject/derived-id.ts';
import { iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { appendEvent } from '../../store/events/append-event.ts';
import { noteTelling, toldCauses } from '../../store/incidents/causes.ts';
import type { Lease } from '../../store/incidents/lease.ts';
import { loggedEvent } from '../receive/incoming-event.ts';
import type { LinkDeps } from './deps.ts';
import { blamed } from './judge-incident.ts';
import { recordedCause } from './recorded-cause.ts';

/**
 * Tells the deployment that an incident is laid to, and those it was laid to before, by an event in their logs each.
 * Under the incident's lease, before its row is written:
 *
 *     note whom it is told ─▶ append to their logs ─▶ write the row: cause, whom it stands for
 *            │                        │
 *            └──── worker dies ───────┘   the next one judges anew and finds all who may have been told
 *
 * A worker that comes back from the dead tells under a lower number, which counts for nothing. `row`: as it is to be
 * written. What the row is to say of whom it stands for, or `lost`: somebody else has the lease.
 */
export async function tellDeployments(deps: LinkDeps, lease: Lease, row: Row): Promise<Row | 'lost'> {
  const { store, clock, config } = deps;
  const told = toldCauses(lease.row);
  const id = blamed(config, row);
  const content = { started_at: String(row['started_at']), remediation_id: remediationIn(row) };
  const stands =
    id === undefined ? {} : { [id]: derivedId(['link', content.started_at, content.remediation_id]) };
  if (isSame(told, stands)) return {};
  const noted = id === undefined ? told : { ...told, [id]: '' };
  const revision = await noteTelling(store, lease, noted, clock.now());
  if (revision === 'lost') return 'lost';
  const incident_id = lease.incidentId;
  for (const each of Object.keys(noted)) {
    const link = each === id ? { stands: true, ...content } : { stands: false };
    const entry = linked(each, { incident_id, revision, ...link }, clock.now());
    const event = loggedEvent(entry, iso(clock.now()), {});
    await appendEvent(store, event, clock.now());
  }
  return { cause_told: id === undefined ? undefined : stands };
}

const remediationIn = (row: Row): string | undefined => recordedCause(row)?.deployment?.remediation_id;

function isSame(told: Record<string, string>, stands: Record<string, string>): boolean {
  const [one, other] = [told, stands].map((each) => JSON.stringify(Object.entries(each).sort()));
  return one === other;
}
