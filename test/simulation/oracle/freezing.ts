import { isDeepStrictEqual } from 'node:util';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import type { IncidentEvidence } from './evidence.ts';
import { inOrder, type LoggedWebhook, type Picture, referenceFold } from './reference-fold.ts';
import { finalMatch, type MatchedService, possibleMatches } from './reference-match.ts';

/** The service an incident is at, with the teams it names. */
export const serviceOf = (picture: Picture | undefined): MatchedService | undefined =>
  picture?.service && { ...picture.service, teams: picture.teams };

export const frozenOnce: Check = {
  name: 'every event of an incident is frozen once, under sequence 1 to n',
  look: ({ run, all }, broken) => {
    for (const { id, log, outgoing, row } of all) {
      const ids = outgoing.map((frozen) => frozen['event_id']);
      if (new Set(ids).size !== ids.length) broken(`an event of ${id} is frozen twice: ${ids.join(', ')}`);
      outgoing.forEach((frozen, at) => {
        if (frozen['sequence'] !== at + 1)
          broken(`${id} has sequence ${frozen['sequence']} at place ${at + 1}`);
        if (!log.some(({ eventId }) => eventId === frozen['event_id'])) {
          broken(`${id} sequence ${frozen['sequence']} is an event that is not in its log`);
        }
      });
      // Notes that nobody could be told of for as long as a delivery is tried, even if their incident came later.
      const owed = log.filter(({ letGoAfterMs }) => letGoAfterMs === undefined);
      const patienceMs = (run.scenario.deployments[0]?.config.retry.horizon_hours ?? 0) * 3_600_000;
      for (const event of log) {
        const { eventId, letGoAfterMs } = event;
        if (letGoAfterMs === undefined) continue;
        if (referenceFold([event])) broken(`${eventId} tells of ${id} and was let go`);
        // Seconds are rounded in what the row says.
        if (letGoAfterMs < patienceMs - 2_000)
          broken(`${eventId} of ${id} was let go after ${letGoAfterMs} ms`);
      }
      if (row?.['held_reason'] === undefined && outgoing.length !== owed.length) {
        broken(`${id} has ${owed.length} events, is not held, and only ${outgoing.length} are frozen`);
      }
    }
  },
};

export const nothingHeldThatMatches: Check = {
  name: 'nothing that matches is still held',
  look: ({ run, incidents }, broken) => {
    const holds = run.scenario.deployments.some(({ config }) => config.unmatched === 'hold');
    for (const { id, log, row, outgoing } of incidents) {
      const reason = row?.['held_reason'];
      if (reason === undefined) {
        if (row && row['forwarding'] === 'held') broken(`${id} says it is held and does not say why`);
        continue;
      }
      if (outgoing.length === log.length)
        broken(`${id} says it is held (${reason}) and everything is frozen`);
      const service = serviceOf(referenceFold(log));
      if (reason === 'no_service_yet') {
        if (service) broken(`${id} is held as if no event had named a service`);
      } else if (!service || !holds) broken(`${id} is held as unmatched without cause`);
      else if (finalMatch(service, run.scenario)) {
        broken(`${id} at ${service.name} matches the catalog and is still held`);
      }
    }
  },
};

/** The events that were frozen by the time this one was, up to its own place in the log. */
function knownThen({ log, outgoing }: IncidentEvidence, frozen: Row): LoggedWebhook[] {
  const order = inOrder(log);
  const place = order.findIndex(({ eventId }) => eventId === frozen['event_id']);
  const earlier = new Set(
    outgoing.filter((other) => other['sequence'] <= frozen['sequence']).map((other) => other['event_id']),
  );
  return order.filter(({ eventId }, at) => at <= place && earlier.has(eventId));
}

const told = ['finished_at', 'started_at'] as const;
const inside = [
  'status',
  'urgency',
  'priority',
  'number',
  'acknowledged_at',
  'time_to_acknowledge_seconds',
  'time_to_restore_seconds',
  'reopen_count',
  'custom_fields',
] as const;

function differences(event: Row, picture: Picture): string[] {
  const found: string[] = [];
  const compare = (name: string, a: unknown, b: unknown) => {
    if (!isDeepStrictEqual(a, b))
      found.push(`${name} is ${JSON.stringify(a)}, should be ${JSON.stringify(b)}`);
  };
  for (const name of told) compare(name, event[name], picture[name]);
  for (const name of inside) compare(name, event['incident'][name], picture[name]);
  compare('name', event['name'], picture.title);
  // A history told as a whole has nothing that was concluded.
  compare('inferred', event['incident']['inferred'], undefined);
  compare('merged_into', event['incident']['merged_into'], picture.merged_into ?? null);
  return found;
}

/** The states the incident was in, as far as the log told, from the moment this event was in the log. */
function statesSince({ log }: IncidentEvidence, frozen: Row): (Picture | 'unknown')[] {
  const order = inOrder(log);
  const arrivals = [...log].sort((a, b) => a.arrival - b.arrival);
  const from = arrivals.findIndex(({ eventId }) => eventId === frozen['event_id']);
  return arrivals.slice(from).map((_, at) => {
    const ids = new Set(arrivals.slice(0, from + at + 1).map(({ eventId }) => eventId));
    const known = order.slice(0, ids.size);
    // What is told while events between those are missing is anybody's guess.
    if (!known.every(({ eventId }) => ids.has(eventId))) return 'unknown';
    return referenceFold(known) ?? 'unknown';
  });
}

export const stateAsOfEvent: Check = {
  name: 'an incident event tells the state as of its event, or the current one if it is late',
  look: ({ incidents }, broken) => {
    for (const incident of incidents) {
      if (!incident.complete) continue;
      const order = inOrder(incident.log);
      const places = new Map(order.map(({ eventId }, at) => [eventId, at]));
      let highest = -1;
      for (const frozen of incident.outgoing) {
        const event = frozen['incident_event'];
        const place = places.get(frozen['event_id']) ?? -1;
        const late = place < highest;
        highest = Math.max(highest, place);
        const where = `${incident.id} sequence ${frozen['sequence']} (${event['type']})`;
        if ((event['late'] === true) !== late) broken(`${where} is${late ? ' not' : ''} marked late`);
        if (late) {
          // Which of these moments was the current one only the worker knows.
          const possible = statesSince(incident, frozen).some(
            (state) => state === 'unknown' || differences(event, state).length === 0,
          );
          if (!possible) broken(`${where} is late and tells no state the incident was in`);
          continue;
        }
        const known = knownThen(incident, frozen);
        // With a gap before it the state as of the event could not be known; what is told then is anybody's guess.
        if (known.length !== place + 1) continue;
        const picture = referenceFold(known);
        const found = picture ? differences(event, picture) : [];
        if (found.length > 0) broken(`${where}: ${found.join('; ')}`);
      }
    }
  },
};

export const rightOwner: Check = {
  name: 'services and team are what the catalog says, the same for a whole stay',
  look: ({ run, incidents }, broken) => {
    const modes = new Set(run.scenario.deployments.map(({ config }) => config.unmatched));
    for (const { id, log, outgoing } of incidents) {
      const pictures = log.map((_, at) => referenceFold(log.slice(0, at + 1)));
      const services = pictures.flatMap((picture) => serviceOf(picture) ?? []);
      const distinct = [...new Map(services.map((service) => [service.id, service])).values()];
      const single = distinct.length === 1;
      const identities: string[] = [];
      for (const frozen of outgoing) {
        const { services: names = [], team, match, id: eventId } = frozen['incident_event'];
        const where = `${id} sequence ${frozen['sequence']}`;
        if (frozen['skipped'] !== undefined) {
          if (!modes.has('drop')) broken(`${where} was dropped although nothing says so`);
          continue;
        }
        if (names.length === 0 && team === undefined)
          broken(`${where} (${eventId}) leaves without services and team`);
        const identity = JSON.stringify([names, team, match.rule]);
        if (identities.at(-1) !== identity) identities.push(identity);
        const possible = distinct.flatMap((service) => possibleMatches(service, run.scenario));
        const fits = possible.some(
          (found) =>
            found && isDeepStrictEqual([found.services, found.team, found.rule], [names, team, match.rule]),
        );
        if (fits) continue;
        const passed = distinct.some(
          (service) =>
            isDeepStrictEqual(names, [service.name]) &&
            (team ?? service.teams[0])?.trim() === service.teams[0],
        );
        if (!(match.rule === 'none' && modes.has('passthrough') && passed)) {
          broken(
            `${where} says ${JSON.stringify([names, team, match.rule])}, which no catalog of this run says`,
          );
        }
      }
      const wanted = run.rematches.get(id)?.length ?? 0;
      if (single && identities.length > 1 + wanted)
        broken(`${id} changes its owner within one stay: ${identities.join(' then ')}`);
    }
  },
};
