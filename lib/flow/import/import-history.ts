import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { incidentsOf } from '../../adapters/pagerduty-api/incidents.ts';
import type { AccountIncident } from '../../domain/pagerduty/history/account-incident.ts';
import type { Clock } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';
import { type ImportProgress, importRow, readProgress, saveProgress } from '../../store/state/imports.ts';
import type { ImportedIncident } from './import-incident.ts';
import { type CountedWindow, cap, windowsOf } from './windows.ts';

export interface HistoryDeps {
  api: PagerDutyApi;
  store: Store;
  clock: Clock;
  /** Imports one incident, up to this time. */
  importOne(incident: AccountIncident, untilMs: number): Promise<ImportedIncident>;
}

export interface HistoryQuestion {
  sinceMs: number;
  /** Without it, up to what webhooks may still bring. */
  untilMs?: number;
  services: readonly string[];
  /** Events written in a second at most, so that what is live is not held up behind them. */
  pace: number;
  /** How far it has come is written down after so many incidents; 100 without it. */
  keptEvery?: number;
  /** Told after each incident. */
  onProgress?(done: { incidents: number; of: number; at: string }): void;
}

/** Somebody else is importing the same. */
export class ImportElsewhere extends Error {
  override readonly name = 'ImportElsewhere';
}

/** So long a webhook may take: what is younger is left to it. */
const leftToWebhooksMs = 10 * 60_000;

/**
 * Imports every incident created since a time, the newest window first, and goes on where it was left if it was left:
 * how far it has come is a row of `state`. Done twice, it writes nothing more.
 */
export async function importHistory(deps: HistoryDeps, question: HistoryQuestion): Promise<ImportProgress> {
  const { api, store, clock } = deps;
  const { sinceMs, services } = question;
  const name = importRow(sinceMs, question.untilMs, services);
  let kept = await readProgress(store, name);
  const before = kept.progress;
  const latest = wholeSecond(question.untilMs ?? clock.now() - leftToWebhooksMs);
  const progress = before && !before.finished ? before : begun(Math.min(latest, clock.now()));
  const save = async () => {
    const saved = await saveProgress(store, name, kept, progress);
    if (saved === undefined)
      throw new ImportElsewhere('the same import is carried out elsewhere; let it finish');
    kept = saved;
  };

  const { window } = progress;
  if (window !== undefined) {
    const rest = {
      sinceMs: window.sinceMs,
      untilMs: progress.frontierMs,
      total: cap,
      frontierMs: window.frontierMs,
    };
    await importWindow(deps, question, progress, rest, save);
  }
  for await (const next of windowsOf(api, { sinceMs, untilMs: progress.frontierMs }, services)) {
    await importWindow(deps, question, progress, next, save);
  }
  progress.finished = true;
  await save();
  return progress;
}

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

const begun = (untilMs: number): ImportProgress => ({
  untilMs,
  frontierMs: untilMs,
  months: {},
  events: 0,
  unknown: {},
  unreadable: 0,
  finished: false,
});

async function importWindow(
  deps: HistoryDeps,
  question: HistoryQuestion,
  progress: ImportProgress,
  window: CountedWindow,
  save: () => Promise<void>,
): Promise<void> {
  const { api, clock, importOne } = deps;
  const { sinceMs, untilMs, total } = window;
  const within = progress.window !== undefined;
  const { throughMs, atThrough } = progress.window ?? { throughMs: sinceMs, atThrough: [] as string[] };
  progress.window = { sinceMs, frontierMs: window.frontierMs, throughMs, atThrough };
  const from = { sinceMs: throughMs, untilMs };
  let incidents = 0;
  for await (const incident of incidentsOf(api, from, question.services, cap)) {
    if (!belongs(incident, window, question.sinceMs)) continue;
    if (within && incident.createdMs === throughMs && atThrough.includes(incident.id)) continue;
    const startedMs = clock.now();
    const { written, unknown } = await importOne(incident, progress.untilMs);
    count(progress, incident, written, unknown);
    incidents += 1;
    const at = new Date(incident.createdMs).toISOString();
    question.onProgress?.({ incidents, of: total, at });
    if (incidents % (question.keptEvery ?? 100) === 0) await save();
    await pause(clock, (written / question.pace) * 1000 - (clock.now() - startedMs));
  }
  // Only a second can have more than PagerDuty lists.
  progress.unreadable += Math.max(0, total - cap);
  progress.frontierMs = window.frontierMs;
  delete progress.window;
  await save();
}

/** The second between two windows belongs to the earlier one; the first second of all to the first. */
const belongs = (
  { createdMs }: AccountIncident,
  { sinceMs, untilMs }: CountedWindow,
  firstMs: number,
): boolean => createdMs > sinceMs || sinceMs === firstMs || sinceMs === untilMs;

function count(
  progress: ImportProgress,
  { id, createdMs }: AccountIncident,
  written: number,
  unknown: Record<string, number>,
): void {
  const month = new Date(createdMs).toISOString().slice(0, 7);
  progress.months[month] = (progress.months[month] ?? 0) + 1;
  progress.events += written;
  for (const [type, number] of Object.entries(unknown))
    progress.unknown[type] = (progress.unknown[type] ?? 0) + number;
  const { window } = progress;
  if (window === undefined) return;
  const same = window.throughMs === createdMs ? window.atThrough : [];
  progress.window = { ...window, throughMs: createdMs, atThrough: [...same, id] };
}

const pause = async (clock: Clock, ms: number): Promise<void> => {
  if (ms > 0) await clock.sleep(ms);
};
