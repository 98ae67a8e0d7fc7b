import type { IncidentEvent } from '../../domain/incident/incident-event.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 10:00:00`, UTC. */
export function clockTime(ms: number): string {
  const time = new Date(ms);
  return `${weekdays[time.getUTCDay()]} ${time.toISOString().slice(11, 19)}`;
}

/** `2 h 3 min`, `26 min`, `45 s`; with spaces at which no line is broken. */
export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter(Boolean);
  return (parts.length > 0 ? parts.join(' ') : `${seconds} s`).replaceAll(' ', '\u00a0');
}

/** Whose it is: `checkout-api, team payments`. */
export function ownerOf({ services, team }: { services?: string[]; team?: string }): string {
  return [...(services ?? []), ...(team === undefined ? [] : [`team ${team}`])].join(', ');
}

/** What a forwarded event says, in a few words. */
export function gist(event: IncidentEvent): string {
  const { time_to_restore_seconds: restored, status } = event.incident;
  return [
    ownerOf(event),
    ...(event.severity ? [event.severity] : []),
    ...(event.late ? [`late,\u00a0by\u00a0now\u00a0${status}`] : []),
    ...(event.cause ? [`caused\u00a0by\u00a0${event.cause.version}`] : []),
    ...(restored === undefined || event.late ? [] : [`restored\u00a0in\u00a0${duration(restored)}`]),
  ].join(', ');
}
