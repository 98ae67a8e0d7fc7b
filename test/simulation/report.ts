import type { CampaignResult } from './campaign.ts';
import { coverageGaps, type Gap, pairCount } from './coverage.ts';
import type { Violation } from './oracle/check.ts';
import { bump } from './tally.ts';
import type { Aim } from './weather.ts';

const shownViolations = 4;
const shownTrace = 40;

/** Seeds per second, webhooks, faults by kind, violations. */
export function summary(
  result: CampaignResult,
  gaps: readonly Gap[],
  asked: { from: number; count: number },
): string {
  const { tally, played, seconds } = result;
  const byKind: Record<string, number> = {};
  for (const [name, count] of Object.entries(tally.faults)) bump(byKind, name.split(' | ')[1] ?? '', count);
  const violations = result.failed.reduce((sum, { violations }) => sum + violations.length, 0);
  const pairs = pairCount(tally);
  const missed = coverageGaps(tally).length;
  const number = (value: number | undefined) => (value ?? 0).toLocaleString('en-US');
  return [
    '',
    `seeds             ${number(played)} (from ${asked.from}), ${(played / seconds).toFixed(1)} a second, ${Math.round(seconds)} s`,
    `webhooks          ${number(tally.counts['webhooks'])} attempts of PagerDuty`,
    `simulated time    ${number(Math.round((tally.counts['simulated hours'] ?? 0) / 24))} days`,
    `awaits            ${number(tally.counts['awaits'])}, ${Object.keys(tally.awaits).length} kinds`,
    `processes died    ${number(tally.counts['processes died'])}`,
    'faults by kind',
    ...Object.entries(byKind)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, count]) => `  ${kind.padEnd(15)} ${number(count)}`),
    `fault coverage    ${number(pairs - missed)} of ${number(pairs)} (await, fault) pairs`,
    ...gaps.map(({ label, fault }) => `  never met: ${label} | ${fault}`),
    `violations        ${number(violations)}`,
  ].join('\n');
}

/** For each failing seed what was broken, the end of its trace and how to play it again. */
export function failedSeeds(failed: CampaignResult['failed'], whole: boolean): string {
  return failed
    .slice(0, whole ? failed.length : 20)
    .flatMap(({ seed, aim, violations, trace }) => [
      ...(whole ? trace : essence(trace, violations)),
      ...(violations.length === 0 ? ['', `seed ${seed}: no violation`] : ['', `seed ${seed}`]),
      ...violations
        .slice(0, whole ? violations.length : shownViolations)
        .map(({ check, message }) => `  broken: ${check}\n    ${message}`),
      ...(violations.length > shownViolations && !whole
        ? [`  and ${violations.length - shownViolations} more`]
        : []),
      ...(violations.length > 0 ? [`  replay: ${replayCommand(seed, aim)}`] : []),
    ])
    .join('\n');
}

/** What is said of a failing seed at once, while others are still being played. */
export const failedLine = ({ seed, aim, violations }: CampaignResult['failed'][number]): string =>
  `broken: ${violations[0]?.message} (${replayCommand(seed, aim)})`;

export function replayCommand(seed: number, aim?: Aim | undefined): string {
  const parts = aim ? [aim.label, aim.fault, ...(aim.occurrence === undefined ? [] : [aim.occurrence])] : [];
  const aimed = aim ? ` --aim '${parts.join(' | ')}'` : '';
  return `npm run simulate -- --replay ${seed}${aimed}`;
}

/** The lines about what was broken; all of them are in a replay. */
function essence(trace: string[], violations: Violation[]): string[] {
  const ids = new Set(violations.flatMap(({ message }) => message.match(/\b[PQ][0-9A-Z]{6,13}\b/g) ?? []));
  const about = trace.filter((line) => [...ids].some((id) => line.includes(id)));
  return (about.length > 0 ? about : trace).slice(-shownTrace);
}
