import { eventOf, readEventData } from '../../pagerduty/event-data.ts';
import type { IncidentSnapshot } from '../../pagerduty/incident-snapshot.ts';
import { isPerson, member, readName, readReference, readText } from '../../pagerduty/loose.ts';
import { incident } from '../../subject/incident.ts';
import type { Actor, Dialect } from '../dialect.ts';
import { detailOf } from '../event-detail.ts';
import { headline } from '../event-headline.ts';
import type { IncidentClient } from '../state.ts';

/** PagerDuty's webhooks, as it sends them. */
export const pagerDutyWebhook: Dialect = {
  kind: incident,
  read(event, latest) {
    const logged = eventOf(event.body);
    const byPerson = isPerson(member(logged, 'agent'));
    const data = { ...readEventData(member(logged, 'data')), ...(byPerson && { byPerson }) };
    if (data.snapshot === undefined) return data;
    const client = readClient(member(logged, 'client'));
    return {
      ...data,
      snapshot: withoutFuture(data.snapshot, latest),
      // Later events name the program they were made with; what the incident came from is told by the first.
      ...(client !== undefined && event.eventType === 'incident.triggered' && { client }),
    };
  },
  announce(event) {
    const logged = eventOf(event.body);
    const data = member(logged, 'data');
    const agent = member(logged, 'agent');
    const name = readName(agent);
    const by = actorOf(agent);
    const detail = detailOf(data);
    return {
      happened: `${headline(event.eventType, data)}${name === undefined ? '' : ` (${name})`}`,
      ...(by && { by }),
      ...(detail && { detail }),
    };
  },
};

function readClient(value: unknown): IncidentClient | undefined {
  const name = readText(member(value, 'name'), 255);
  const url = readText(member(value, 'url'), 2048);
  if (name === undefined && url === undefined) return undefined;
  return { ...(name !== undefined && { name }), ...(url !== undefined && { url }) };
}

function withoutFuture(snapshot: IncidentSnapshot, latest: string): IncidentSnapshot {
  const { createdAt, reopenedAt, ...others } = snapshot;
  return {
    ...others,
    ...(createdAt !== undefined && createdAt <= latest && { createdAt }),
    ...(reopenedAt !== undefined && reopenedAt <= latest && { reopenedAt }),
  };
}

/** Everything that is not a user is a program: services, integrations, workflows, automation. */
function actorOf(agent: unknown): Actor | undefined {
  const reference = readReference(agent);
  if (reference === undefined) return undefined;
  const { id, name } = reference;
  const type = String(member(agent, 'type')).startsWith('user') ? 'person' : 'integration';
  return { id, ...(name !== undefined && { name }), type };
}
