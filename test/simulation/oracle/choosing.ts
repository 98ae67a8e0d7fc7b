import type { Selection } from '../../../lib/domain/incident-filter/criteria.ts';
import type { Row } from '../world.ts';
import type { Check } from './check.ts';
import type { Evidence, IncidentEvidence } from './evidence.ts';

/** The choices of the plan, read anew: lists of priorities and urgencies, and what is not wanted. */
function isWanted({ not, priorities, urgencies }: Selection, event: Row): boolean {
  const { priority, urgency } = event['incident'];
  const inList = (list: string[] | undefined, value: string | undefined) =>
    list === undefined ||
    (value !== undefined && list.some((each) => each.toUpperCase() === value.toUpperCase()));
  const unwanted = [not ?? []].flat().some(({ priorities: list }) => inList(list, priority));
  return inList(priorities, priority) && inList(urgencies, urgency) && !unwanted;
}

function choosyDestinations({ run }: Evidence) {
  const found = new Map<string, { wanted: Selection; events?: string[] | undefined }>();
  for (const { config } of run.scenario.deployments) {
    for (const { name, only, counts, events } of config.destinations) {
      const wanted = only ?? counts;
      if (wanted) found.set(name, { wanted, events });
    }
  }
  return found;
}

/** What one destination was owed of one incident, in sequence. */
function laneOf({ outgoing, deliveries }: IncidentEvidence, destination: string) {
  return outgoing.flatMap((frozen) => {
    const row = deliveries.find(
      (each) => each['destination'] === destination && each['sequence'] === frozen['sequence'],
    );
    return row ? [{ frozen, row }] : [];
  });
}

export const wholeOrNothing: Check = {
  name: 'a destination that chooses hears all of an incident that once was wanted, its end above all, and nothing of others',
  look: (evidence, broken) => {
    for (const [destination, { wanted, events }] of choosyDestinations(evidence)) {
      for (const incident of evidence.all) {
        const lane = laneOf(incident, destination);
        const counts = lane.some(
          ({ frozen }) => !frozen['skipped'] && isWanted(wanted, frozen['incident_event']),
        );
        for (const { frozen, row } of lane) {
          const event = frozen['incident_event'];
          const where = `${incident.id} sequence ${frozen['sequence']} (${event.type}) to ${destination}`;
          const leftOut = row['status'] === 'skipped' && row['reason'] === 'filtered';
          const otherType = events !== undefined && !events.includes(event.type);
          if (counts && leftOut && !otherType) broken(`${where} was swallowed although the incident counts`);
          if (!counts && ['delivered', 'dead'].includes(row['status']))
            broken(`${where} was sent although the incident never counted`);
          if (!counts && row['attempts'] > 0)
            broken(`${where} was tried although the incident never counted`);
        }
      }
    }
  },
};
