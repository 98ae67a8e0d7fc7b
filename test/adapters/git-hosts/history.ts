/** A repository's commits as git has them, for stand-ins of its hosts: an implementation of its own. */
export interface HistoryCommit {
  sha: string;
  /** ISO 8601, as the host shows it. */
  date: string;
  parents: string[];
}

export type History = ReadonlyMap<string, HistoryCommit>;

export const sha = (name: string | number): string =>
  Buffer.from(`commit ${name}`).toString('hex').padEnd(40, '0').slice(0, 40);

/** `[name, date, …names of the parents]` of each, the first one oldest. */
export function historyOf(...commits: [name: string, date: string, ...parents: string[]][]): History {
  return new Map(
    commits.map(([name, date, ...parents]) => [
      sha(name),
      { sha: sha(name), date, parents: parents.map(sha) },
    ]),
  );
}

/** Itself and all that lie before it. */
function ancestors(history: History, from: string): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(history.get(next)?.parents ?? []));
  }
  return found;
}

export interface Range {
  /** Of the head and not of the base, oldest first. */
  ahead: HistoryCommit[];
  behind: HistoryCommit[];
  /** Undefined where the two have nothing in common. */
  mergeBase: string | undefined;
}

/** Undefined where one of the two is not known. */
export function compareIn(history: History, base: string, head: string): Range | undefined {
  if (!history.has(base) || !history.has(head)) return undefined;
  const [ofBase, ofHead] = [ancestors(history, base), ancestors(history, head)];
  const all = [...history.values()];
  return {
    ahead: all.filter((each) => ofHead.has(each.sha) && !ofBase.has(each.sha)),
    behind: all.filter((each) => ofBase.has(each.sha) && !ofHead.has(each.sha)),
    mergeBase: all.findLast((each) => ofHead.has(each.sha) && ofBase.has(each.sha))?.sha,
  };
}
