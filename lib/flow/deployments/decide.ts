import { judgeAmong, type Verdict } from '../../domain/deployment/compare.ts';
import { type Known, outdated, readAround, verdictText } from '../../domain/deployment/neighbourhood.ts';
import type { Row } from '../../store/database/marshalled.ts';
import { neighbours } from '../../store/deployments/deployments.ts';
import { stateName } from '../../store/deployments/recent.ts';
import { changeState, readState } from '../../store/state/state.ts';
import type { ProcessDeps } from '../freeze/deps.ts';
import { fromFacts } from './known-facts.ts';
import { decidedIn, noted, readOfLate, unshown } from './recent.ts';

const tries = 20;

export interface Decision {
  verdict: Verdict;
  mine: Known;
  /** Others whose verdict is another one by now. */
  outdated: string[];
}

/**
 * What becomes of a deployment among the others of its service and env. The decision is written into the one row all
 * of these share, by a condition that nobody has decided since, before anything is done about it:
 *
 *     read the row and the others ─▶ judge ─▶ write the row, if it is as it was read ─▶ freeze, send, …
 *             ▲                                      │ somebody was faster
 *             └──────────────────────────────────────┘
 *
 * So of two reports of one deployment that come at the same moment exactly one is decided to be the first, however long
 * a worker stands still. The row holds what was decided of late, which the index may not show yet. `stale`: somebody
 * has decided by more of its log; the log is to be read again.
 */
export async function decide(
  deps: ProcessDeps,
  serviceEnv: string,
  compared: Known,
  settleMs: number,
): Promise<Decision | 'stale'> {
  const { store, clock } = deps;
  const name = stateName(serviceEnv);
  for (let attempt = 0; attempt < tries; attempt++) {
    const seen = await readState(store, name);
    if (readOfLate(seen.row, compared.id, clock.now()) > (compared.read ?? 0)) return 'stale';
    const { recent, known } = await readOthers(deps, serviceEnv, compared.at, seen.row);
    const own = known.get(compared.id)?.own;
    known.set(compared.id, { ...compared, own });
    const all = [...known.values()];
    const verdict = judgeAmong(all, compared.id, settleMs);
    if (!verdict) throw new Error(`deployment ${compared.id} is not among those it was compared with`);
    const first = compared.finished_at !== undefined && verdict.same_as === undefined;
    const mine: Known = {
      ...compared,
      own: first || undefined,
      verdict: verdictText(verdict),
    };
    const others = outdated(
      all.map((each) => (each.id === mine.id ? mine : each)),
      mine.id,
      settleMs,
    );
    const before = recent.get(mine.id);
    if (before && JSON.stringify(sorted(before)) === JSON.stringify(sorted(mine)))
      return { verdict, mine, outdated: others };
    recent.set(mine.id, mine);
    const kept = noted(seen.row, recent, mine.id, clock.now());
    if (await changeState(store, name, seen, { recent: kept })) return { verdict, mine, outdated: others };
  }
  throw new Error(`deployments of ${serviceEnv} are being decided by others all the time`);
}

/** The deployment is no longer one of this service and env: which of those it leaves are to be judged anew. */
export async function leave(
  deps: ProcessDeps,
  serviceEnv: string,
  { id, at }: { id: string; at: string },
  settleMs: number,
): Promise<string[]> {
  const { store, clock } = deps;
  const name = stateName(serviceEnv);
  for (let attempt = 0; attempt < tries; attempt++) {
    const seen = await readState(store, name);
    const { recent, known } = await readOthers(deps, serviceEnv, at, seen.row);
    const stays = { ...(known.get(id) ?? { sources: [], received_at: at, status: 'in_progress' as const }) };
    const gone: Known = { ...stays, id, at, deleted: true, deleted_at: undefined };
    known.set(id, gone);
    const others = outdated([...known.values()], id, settleMs);
    if (recent.get(id)?.deleted) return others;
    // The index may show it here for a while.
    recent.set(id, gone);
    if (await changeState(store, name, seen, { recent: noted(seen.row, recent, id, clock.now()) }))
      return others;
  }
  throw new Error(`deployments of ${serviceEnv} are being decided by others all the time`);
}

/** Those next to a moment, as the index shows them and as they were decided since. */
async function readOthers({ store, clock }: ProcessDeps, serviceEnv: string, at: string, row: Row) {
  const shown = await neighbours(store, serviceEnv, at, readAround);
  const before = shown.filter((each) => each.at <= at);
  const after = shown.filter((each) => each.at > at);
  // Where there are more than were read, what lies beyond is not compared.
  const from = before.length < readAround.before ? '' : (before.at(-1)?.at ?? '');
  const until = after.length < readAround.after ? '~' : (after.at(-1)?.at ?? '~');
  const recent = unshown(row, decidedIn(row), { shown, from, until }, clock.now());
  const known = new Map<string, Known>();
  for (const each of shown) {
    const facts = fromFacts(each.id, each.at, each.facts);
    if (facts) known.set(each.id, facts);
  }
  for (const each of recent.values()) known.set(each.id, each);
  return { recent, known };
}

/** What is absent and what is undefined are the same, and the order of keys is DynamoDB's. */
function sorted(known: Known): [string, unknown][] {
  return Object.entries(known)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]): [string, unknown] => [key, deep(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function deep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
