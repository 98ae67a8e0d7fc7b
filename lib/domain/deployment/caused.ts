import type { Verdict } from './compare.ts';
import type { ToldLink } from './deployment-report.ts';
import type { Told } from './fold-deployment.ts';

const standing = ({ links = [] }: Told): ToldLink[] => links.filter(({ stands }) => stands);

/** The incidents that it has to answer for, by their ids. */
export const causedBy = (told: Told): string[] => standing(told).map(({ incident_id }) => incident_id);

/** The deployment that put it right, as the first of these incidents that knows of one has it. */
export function mendedBy(told: Told): string | undefined {
  const inOrder = standing(told).sort((a, b) => ((a.started_at ?? '') < (b.started_at ?? '') ? -1 : 1));
  return inOrder.find(({ remediation_id }) => remediation_id !== undefined)?.remediation_id;
}

/**
 * Whether it was a change failure: as somebody has said; true while an incident is laid to it; false once none can be
 * any more, because the window is over. Undefined until then, and where it is no deployment of its own.
 */
export function changeFailureOf(
  told: Told,
  verdict: Verdict | undefined,
  windowMs: number,
  nowMs: number,
): boolean | undefined {
  const said = told.change_failure ?? verdict?.filled.change_failure;
  if (said !== undefined || verdict === undefined || verdict.same_as !== undefined) return said;
  if (causedBy(told).length > 0) return true;
  const endMs = windowEndMs(told, windowMs);
  return endMs !== undefined && nowMs > endMs ? false : undefined;
}

/** Until when an incident may begin that is laid to it for its time; undefined while it is not finished. */
export const windowEndMs = ({ finished_at, status }: Told, windowMs: number): number | undefined =>
  finished_at === undefined || status === 'in_progress' ? undefined : Date.parse(finished_at) + windowMs;
