import type { IncidentEvent } from '../../domain/incident/incident-event.ts';
import type { DemoIncident } from './cast.ts';
import { ownerOf } from './words.ts';

/** One event the destination is owed: the bridge has said that it is accepted. */
export interface Owed {
  eventId: string;
  incident: DemoIncident;
  late: boolean;
}

/** What a book-keeper who knows nothing of the bridge's insides finds. All empty: all is well. */
export interface Findings {
  missing: string[];
  double: string[];
  /** Nobody has sent this. */
  unexpected: string[];
  outOfOrder: string[];
  /** Came under another owner, rule or lateness than it should. */
  wrong: string[];
}

/** Compares what is owed with what has arrived, in the order of its arrival. */
export function compare(owed: readonly Owed[], arrived: readonly IncidentEvent[]): Findings {
  const count = (id: string) => arrived.filter((event) => event.id === id).length;
  const label = ({ eventId, incident }: Owed) => `${eventId} of incident ${incident.id}`;
  const known = new Map(owed.map((each) => [each.eventId, each]));
  return {
    missing: owed.filter(({ eventId }) => count(eventId) === 0).map(label),
    double: owed.filter(({ eventId }) => count(eventId) > 1).map(label),
    unexpected: arrived.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    outOfOrder: outOfOrder(arrived),
    wrong: arrived.flatMap((event) => {
      const expected = known.get(event.id);
      return expected ? differences(expected, event) : [];
    }),
  };
}

/** The sequences of each incident must be 1, 2, 3 … as they come in; what comes again is counted as double. */
function outOfOrder(arrived: readonly IncidentEvent[]): string[] {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { id, sequence, incident } of arrived) {
    if (seen.has(id)) continue;
    seen.add(id);
    const expected = (last.get(incident.id) ?? 0) + 1;
    if (sequence !== expected)
      found.push(`incident ${incident.id}: ${sequence} came where ${expected} was due`);
    last.set(incident.id, sequence);
  }
  return found;
}

function differences({ incident, late }: Owed, event: IncidentEvent): string[] {
  const { owner } = incident;
  return [
    ...(ownerOf(event) === ownerOf(owner)
      ? []
      : [`${event.id} went to ${ownerOf(event)} instead of ${ownerOf(owner)}`]),
    ...(event.match.rule === owner.rule
      ? []
      : [`${event.id} was decided by ${event.match.rule}, not ${owner.rule}`]),
    ...((event.late ?? false) === late ? [] : [`${event.id} is ${late ? 'not ' : ''}marked as late`]),
    ...(event.incident.id === incident.id ? [] : [`${event.id} came as an event of ${event.incident.id}`]),
  ];
}
