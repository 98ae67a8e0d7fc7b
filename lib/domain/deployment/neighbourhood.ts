import { type Compared, comparedBefore, judgeAmong, type Verdict } from './compare.ts';

/** One that is compared, and the verdict it was given when it was looked at last. */
export interface Known extends Compared {
  verdict?: string | undefined;
  /** How many events of its log this rests on. */
  read?: number | undefined;
}

/** So many before and after a deployment are read, for whichever of them its coming may change something. */
export const readAround = { before: 2 * comparedBefore, after: comparedBefore };

/**
 * The others, next to a deployment that came or changed, whose recorded verdict is no longer right. Those that are
 * further before it than anything of it matters are not looked at, nor are those that have no verdict yet.
 */
export function outdated(all: readonly Known[], id: string, settleMs: number): string[] {
  const sorted = [...all].sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
  const at = sorted.findIndex((each) => each.id === id);
  return sorted
    .slice(Math.max(0, at - comparedBefore))
    .filter((each) => each.id !== id && each.verdict !== undefined)
    .filter((each) => verdictText(judgeAmong(all, each.id, settleMs)) !== each.verdict)
    .map((each) => each.id);
}

/** Whose double it was judged to be, and whether it was taken back, by such a text. */
export function standingOf(text: string | undefined): { same_as?: string; deleted?: true } {
  const verdict = text === undefined ? [] : (JSON.parse(text) as (string | null | undefined)[]);
  const [, same_as, , , , , deleted_at] = verdict;
  return {
    ...(typeof same_as === 'string' && { same_as }),
    ...(typeof deleted_at === 'string' && { deleted: true as const }),
  };
}

/** The verdict as it is compared with a later one. */
export function verdictText(verdict: Verdict | undefined): string | undefined {
  if (!verdict) return undefined;
  const { kind, same_as, filled, sources, remediation_id, previous, deleted_at } = verdict;
  const { remediation_type, remediation_version } = verdict;
  const { started_at, commit, version, repository_id, team, change_failure, remediation } = filled;
  const facts = [started_at, commit, version, repository_id, team, change_failure, remediation?.type];
  // Last, and mostly absent: verdicts are recorded in rows as they were written before.
  const mended = remediation_type ?? remediation_version;
  const end = mended === undefined ? [deleted_at] : [deleted_at, remediation_type, remediation_version];
  return JSON.stringify([
    kind,
    same_as,
    remediation_id,
    sources,
    facts,
    previous?.commit,
    ...(end.some(Boolean) ? end : []),
  ]);
}
