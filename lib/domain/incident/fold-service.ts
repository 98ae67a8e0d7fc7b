import type { Draft } from './draft.ts';
import type { FoldEvent } from './fold-event.ts';
import type { LeftService } from './state.ts';

const maxLeft = 20;

/**
 * Which service and teams the incident is with. Only snapshots say so: a workflow's `data.service` comes without
 * teams and status, and an incident known by that alone would go out half known.
 */
export function foldService(next: Draft, { snapshot, at }: FoldEvent): void {
  if (snapshot === undefined) return;
  if (snapshot.teams !== undefined) next.teams = snapshot.teams;
  const { service } = snapshot;
  if (service === undefined) return;
  if (next.service?.id === service.id) {
    // A reference without its summary does not make the name unknown again.
    next.service = { ...next.service, ...service };
    return;
  }
  if (next.service !== undefined) {
    next.left_services = leave(next.left_services, { ...next.service, visits: next.visit, left_at: at });
    next.move_count += 1;
  }
  next.visit = 1 + (next.left_services.find(({ id }) => id === service.id)?.visits ?? evictedVisits(next));
  next.service = service;
}

function leave(left: LeftService[], { id, name, visits, left_at }: LeftService): LeftService[] {
  const entry = { id, ...(name !== undefined && { name }), visits, left_at };
  const others = left.filter((other) => other.id !== id);
  return [...others, entry].slice(-maxLeft);
}

/**
 * Once the list is full it may have forgotten this service. The number of moves is more than its visits and
 * only grows, so the key of the stay is still one that was never used.
 */
function evictedVisits({ left_services, move_count }: Draft): number {
  return left_services.length < maxLeft ? 0 : move_count;
}
