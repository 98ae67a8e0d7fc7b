import { eventOf } from '../pagerduty/event-data.ts';
import { member, readName, readReference } from '../pagerduty/loose.ts';
import { detailOf } from './event-detail.ts';
import { headline } from './event-headline.ts';
import type { LoggedEvent } from './logged-event.ts';

/** Who did it, as far as PagerDuty says. */
export interface Actor {
  id: string;
  name?: string;
  type: 'person' | 'integration';
}

/** What one event announces beside the state it leaves the incident in. */
export interface Announcement {
  /** What happened and by whom, in words. */
  happened: string;
  by?: Actor;
  detail?: Record<string, unknown>;
}

/** What of it goes out: the whole sentence, with what the event changed. */
export interface Announced extends Omit<Announcement, 'happened'> {
  what: string;
}

/** Never throws; a body that cannot be read announces its type. */
export function announcementOf(event: LoggedEvent): Announcement {
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
}

/** Everything that is not a user is a program: services, integrations, workflows, automation. */
function actorOf(agent: unknown): Actor | undefined {
  const reference = readReference(agent);
  if (reference === undefined) return undefined;
  const { id, name } = reference;
  const type = String(member(agent, 'type')).startsWith('user') ? 'person' : 'integration';
  return { id, ...(name !== undefined && { name }), type };
}
