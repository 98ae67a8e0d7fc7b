import { sameName } from '../catalog/names.ts';
import type { Suffering, Suspect } from './facts.ts';

/** A deployment of one of the incident's services (of its team, if it has no service), in its environment. */
export function isConcerned(incident: Suffering, suspect: Suspect): boolean {
  if (incident.env !== undefined || suspect.env !== undefined) {
    if (!sameName(incident.env, suspect.env)) return false;
  }
  if (incident.services.length > 0) return incident.services.some((name) => sameName(name, suspect.service));
  return sameName(incident.team, suspect.team);
}

/** When it began to change what runs. Where only its finish is known, then. */
export const begunAtMs = ({ startedAtMs, finishedAtMs }: Suspect): number =>
  startedAtMs ?? finishedAtMs ?? Infinity;

/** The one that began last; at the same moment the one that finished last, then the greater id, so that any order gives the same. */
export function newest(suspects: readonly Suspect[]): Suspect | undefined {
  return [...suspects].sort(
    (a, b) =>
      begunAtMs(b) - begunAtMs(a) ||
      (b.finishedAtMs ?? Infinity) - (a.finishedAtMs ?? Infinity) ||
      (a.id < b.id ? 1 : -1),
  )[0];
}
