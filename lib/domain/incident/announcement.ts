import type { Announcement } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { LoggedEvent } from './logged-event.ts';

/** Never throws; a body that cannot be read announces its type. */
export function announcementOf(event: LoggedEvent): Announcement {
  return dialectOf(event.incidentId).announce(event);
}
