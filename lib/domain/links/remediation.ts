import { sameName } from '../catalog/names.ts';
import { newest } from './concerned.ts';
import type { Suffering, Suspect } from './facts.ts';

/** A deployment that ends an incident is often told to be finished shortly after the incident is resolved. */
export const toleranceMs = 15 * 60_000;

/**
 * The deployment that made up for the one that caused an incident: of the same service and environment the first that
 * was finished after the incident began, before it ended or shortly after. Undefined while there is none.
 */
export function remediationOf(
  cause: Suspect,
  incident: Pick<Suffering, 'startedAtMs' | 'finishedAtMs'>,
  suspects: readonly Suspect[],
): Suspect | undefined {
  const untilMs = (incident.finishedAtMs ?? Infinity) + toleranceMs;
  const after = suspects.flatMap((each) => {
    const { id, status, finishedAtMs } = each;
    if (id === cause.id || status !== 'succeeded' || finishedAtMs === undefined) return [];
    if (!sameName(each.service, cause.service) || !sameEnv(each.env, cause.env)) return [];
    if (finishedAtMs <= incident.startedAtMs || finishedAtMs > untilMs) return [];
    return finishedAtMs > (cause.finishedAtMs ?? 0) ? [each] : [];
  });
  const firstMs = Math.min(...after.map(({ finishedAtMs }) => finishedAtMs ?? Infinity));
  return newest(after.filter(({ finishedAtMs }) => finishedAtMs === firstMs));
}

const sameEnv = (one: string | undefined, other: string | undefined): boolean =>
  one === other || sameName(one, other);
