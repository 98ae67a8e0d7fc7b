import type { Deployment } from '../../domain/deployment/deployment.ts';
import {
  deploymentEvent,
  type Picture,
  pictureOf,
  withoutPlace,
} from '../../domain/deployment/render-deployment-event.ts';
import { isDeploymentEvent } from '../../domain/destination/outgoing-event.ts';
import type { LoggedEvent } from '../../domain/incident/logged-event.ts';
import { wantsDeployment } from '../../domain/incident-filter/choose-deployments.ts';
import { outgoingKeptDays } from '../../domain/retry/retention.ts';
import { deployment as kind } from '../../domain/subject/deployment.ts';
import { derivedId } from '../../domain/subject/derived-id.ts';
import { importedSource } from '../../domain/subject/imported-source.ts';
import { expiry, iso } from '../../store/database/due.ts';
import type { Row } from '../../store/database/marshalled.ts';
import type { Claim } from '../../store/deliveries/delivery.ts';
import { type DueEvent, markEventDue } from '../../store/events/events.ts';
import { freeze, frozenAfter, type Outgoing } from '../../store/outgoing/outgoing.ts';
import type { ProcessDeps } from '../freeze/deps.ts';
import { markMs } from '../freeze/run-round.ts';
import { writeDeliveries } from '../freeze/write-deliveries.ts';
import type { Sent } from './deployment-row.ts';

/**
 * How far it had come, what is frozen beyond what the row knows included: its deliveries are written once more. Whoever
 * froze that may be at work or dead, and may have settled the event `last` or not: it is marked anew, `marked`.
 */
export async function takeOver(
  deps: ProcessDeps,
  id: string,
  row: Row | undefined,
  last: LoggedEvent,
  claim: Claim,
): Promise<{ sent: Sent; marked?: DueEvent }> {
  const sent: Sent = {
    lastSequence: Number(row?.['last_sequence'] ?? 0),
    picture: row?.['sent'] as string | undefined,
    destinations: (row?.['destinations'] as string[] | undefined) ?? [],
  };
  const ahead = await frozenAfter(deps.store, kind.key(id), sent.lastSequence);
  if (ahead.length === 0) return { sent };
  const marked = await mark(deps, last);
  for (const outgoing of ahead) {
    await writeDeliveries(deps, outgoing, claim);
    note(sent, outgoing);
  }
  return { sent, ...(marked && { marked }) };
}

/** `sweep` looks after the event, if this worker dies. */
export const mark = ({ store, clock }: ProcessDeps, { incidentId, logKey }: LoggedEvent) =>
  markEventDue(store, { incidentId, logKey }, clock.now() + markMs);

/**
 * Freezes what there is to tell now, if that is not what was told last, and writes the deliveries it owes. Its event
 * carries a due mark by then, also where it was held without one: the mark is all that finds it, if this worker dies.
 * `again`: another worker has taken the sequence, and everything has to be looked at once more.
 */
export async function freezeDeployment(
  deps: ProcessDeps,
  deployment: Deployment,
  sent: Sent,
  last: LoggedEvent,
  claim: Claim,
): Promise<'told' | 'again' | DueEvent> {
  const picture = pictureOf(deployment, sent.lastSequence > 0);
  if (!picture || pictureId(picture) === sent.picture) return 'told';
  const now = deps.clock.now();
  const marked = last.dueAt === undefined ? await mark(deps, last) : undefined;
  const sequence = sent.lastSequence + 1;
  const event = deploymentEvent(picture, sequence, iso(now));
  const outgoing: Outgoing = {
    incidentId: kind.key(deployment.id),
    sequence,
    eventId: event.id,
    logKey: last.logKey,
    frozenAt: iso(now),
    receivedAt: last.receivedAt,
    destinations: destinationsFor(deps, picture, sent.destinations),
    leftOut: [],
    begins: [],
    corrects: false,
    beside: {},
    stay: '',
    event,
    expiresAt: expiry(now, outgoingKeptDays(deps.config)),
  };
  if (!(await freeze(deps.store, outgoing))) return 'again';
  deps.telemetry.metric('EventsFrozen', 1);
  note(sent, outgoing);
  await writeDeliveries(deps, outgoing, claim);
  return marked ?? 'told';
}

/** Whoever was told of the deployment hears what becomes of it, whatever its `only` makes of that. */
function destinationsFor(deps: ProcessDeps, picture: Picture, told: readonly string[]): string[] {
  return deps.destinations
    .filter(({ takes }) => takes?.deployments === true)
    .filter(({ name }) => {
      // Read back from Datadog as history: counted, and news to nobody.
      const { sources, detected_by } = picture.deployment;
      if (sources.includes(importedSource) && detected_by === undefined) return told.includes(name);
      const only = deps.config.destinations.find((each) => each.name === name)?.only;
      return told.includes(name) || wantsDeployment(only, picture);
    })
    .map(({ name }) => name);
}

function note(sent: Sent, { sequence, event, destinations }: Outgoing): void {
  sent.lastSequence = sequence;
  if (isDeploymentEvent(event)) sent.picture = pictureId(withoutPlace(event));
  sent.destinations = [...new Set([...sent.destinations, ...destinations])];
}

const pictureId = (picture: Picture): string => derivedId([picture]);
