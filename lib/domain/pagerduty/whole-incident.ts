import { member } from './loose.ts';

/**
 * Whether data is the incident itself: by its type, or, should PagerDuty give it another one, by its own address
 * (`…/incidents/<id>`). What refers to an incident is never taken for it.
 */
export function isWholeIncident(data: unknown): boolean {
  if (member(data, 'type') === 'incident') return true;
  const id = member(data, 'id');
  if (typeof id !== 'string' || id === '' || member(data, 'incident') !== undefined) return false;
  return ['self', 'html_url'].some((name) => {
    const address = member(data, name);
    return typeof address === 'string' && address.endsWith(`/incidents/${id}`);
  });
}
