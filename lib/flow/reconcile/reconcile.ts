import { toldBy } from '../../domain/pagerduty/history/told-by-webhooks.ts';
import { type Reconciled, readReconciled, saveReconciled } from '../../store/state/reconciled.ts';
import { compareOpen, compareOpenHere, compareResolved } from './compare-lists.ts';
import { compareLog } from './compare-log.ts';
import {
  OutOfTime,
  type ReconcileDeps,
  type ReconcileQuestion,
  type ReconcileReport,
  type Run,
} from './run.ts';
import { watchSubscriptions } from './watch-subscriptions.ts';

/** Somebody else is comparing at the same time. */
export class ReconcileElsewhere extends Error {
  override readonly name = 'ReconcileElsewhere';
}

/** So long a webhook may take: what is younger is left to it. */
const leftToWebhooksMs = 10 * 60_000;
/** After so long the whole log is compared, whatever the lists say. */
const logEveryMs = 86_400_000;
const mostLooked = 500;

/**
 * Finds what PagerDuty knows and webhooks did not tell, and writes it down like them: open incidents, those resolved
 * since the last time, and the account's log after a gap and once a day. How far it has come is one row of `state`,
 * which moves only past what is written. Quiet, it takes three requests: a subscription, the open, the resolved.
 */
export async function reconcile(deps: ReconcileDeps, question: ReconcileQuestion): Promise<ReconcileReport> {
  const { store, clock } = deps;
  const untilMs = Math.floor((clock.now() - leftToWebhooksMs) / 1000) * 1000;
  let kept = await readReconciled(store);
  const state = from(kept.reconciled ?? firstTime(untilMs), question.sinceMs);
  const keeps = !question.dryRun && question.sinceMs === undefined;
  const report: ReconcileReport = {
    untilMs,
    compared: 0,
    repaired: [],
    events: 0,
    past: 0,
    unknown: {},
    unreadable: 0,
    subscriptions: [],
    finished: true,
  };
  const save = async () => {
    if (!keeps) return;
    state.looked = newest(state.looked);
    const saved = await saveReconciled(store, kept, state, clock.now());
    if (saved === undefined)
      throw new ReconcileElsewhere('another run of reconcile is under way; let it finish');
    kept = saved;
  };
  const common = { deps, question, state, report, untilMs, save, met: new Set<string>() };
  const daily = untilMs - state.entriesThroughMs >= logEveryMs;
  const well = await watchSubscriptions(common, { anew: daily || !keeps, keeps });
  const run: Run = { ...common, told: toldBy(state.subscriptions) };
  state.behind ||= !well || daily;
  try {
    await compareOpen(run);
    const all = await compareResolved(run);
    await compareOpenHere(run);
    state.resolvedThroughMs = untilMs;
    // Where one thing was lost, more may be than the lists show.
    state.behind ||= !all || report.events > 0;
    await save();
    if (state.behind) {
      await compareLog(run);
      state.behind = !well;
    }
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    state.behind = true;
    report.finished = false;
  }
  await save();
  return report;
}

/** Nothing was compared before, and nothing before is missing. */
export const firstTime = (untilMs: number): Reconciled => ({
  beginsMs: untilMs,
  resolvedThroughMs: untilMs,
  entriesThroughMs: untilMs,
  behind: false,
  subscriptions: [],
  listedMs: 0,
  enabledMs: [],
  looked: {},
});

/** With a time given, everything since then is compared once more. */
function from(known: Reconciled, sinceMs: number | undefined): Reconciled {
  const state = structuredClone(known);
  if (sinceMs === undefined) return state;
  return {
    ...state,
    beginsMs: Math.min(state.beginsMs, sinceMs),
    resolvedThroughMs: sinceMs,
    entriesThroughMs: sinceMs,
    behind: true,
    looked: {},
  };
}

/** The row must not grow: of what was found out, what was found out last. */
const newest = (looked: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(looked).slice(-mostLooked));
