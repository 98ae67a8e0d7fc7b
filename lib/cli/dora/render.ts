import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import type { Group, Question, Report } from '../../domain/metrics/dora-report.ts';
import type { Figures } from '../../domain/metrics/figures.ts';
import { duration } from '../../domain/text/duration.ts';

const percent = (rate: number | null): string => (rate === null ? 'n/a' : `${(rate * 100).toFixed(1)} %`);
const time = (seconds: number | null): string => (seconds === null ? 'n/a' : duration(seconds));
const perDay = (rate: number | null): string => (rate === null ? 'n/a' : rate.toFixed(2));

interface Line {
  title: string;
  value: string;
  /** What the number is of, and why it is not there. */
  about: string;
  before?: string;
}

/** The numbers for people: one a line, with what it is of, and below them a table of the groups. */
export function renderReport(
  document: Report,
  question: Question,
  leftOut: number,
  columns?: number,
): string {
  const { groups, previous } = document;
  const lines = linesOf(document, previous);
  const header = `DORA metrics ${rangeText(question)}\n\n`;
  const main = renderTable(
    [
      { title: 'METRIC', cell: ({ title }: Line) => title },
      { title: 'VALUE', cell: ({ value }: Line) => value },
      ...(previous ? [{ title: 'BEFORE', cell: ({ before }: Line) => before }] : []),
      { title: 'OF', cell: ({ about }: Line) => about },
    ],
    lines,
    columns,
  );
  const left =
    leftOut > 0 ? `\n${count(leftOut, 'incident')} left out by counts: in the configuration.\n` : '';
  const table = groups ? `\n${renderTable(groupColumns(question), groups, columns)}` : '';
  return header + main + left + table;
}

function rangeText({ scope, timeZone }: Question): string {
  const minute = (ms: number) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
  const { service, team, env } = scope;
  const of = Object.entries({ service, team, env }).flatMap(([name, value]) =>
    value ? [`${name} ${value}`] : [],
  );
  return [`from ${minute(scope.fromMs)} to ${minute(scope.toMs)} (${timeZone})`, ...of].join(', ');
}

function linesOf(now: Figures, previous: Figures | undefined): Line[] {
  const { deployments, change_failure_rate: rate, time_to_restore: restore, reasons } = now;
  const reason = (path: string) => reasons[path] ?? '';
  const line = (title: string, of: (figures: Figures) => string, about: string): Line => ({
    title,
    value: of(now),
    about,
    ...(previous && { before: of(previous) }),
  });
  const sentence = (...parts: (string | false | undefined)[]) => parts.filter(Boolean).join('; ');
  return [
    line(
      'deployments a day',
      (figures) => perDay(figures.deployments.per_day),
      sentence(
        `${count(deployments.count, 'deployment')} on ${count(deployments.days_with_deployments, 'day')}`,
        deployments.failed > 0 && `${deployments.failed} more did not succeed`,
      ),
    ),
    line(
      'change lead time',
      (figures) => time(figures.change_lead_time.median_seconds),
      reason('change_lead_time.median_seconds') ||
        `median of ${count(now.change_lead_time.count, 'deployment')}`,
    ),
    line(
      'change failure rate',
      (figures) => percent(figures.change_failure_rate.failed_deployments),
      reason('change_failure_rate.failed_deployments') ||
        sentence(
          `${rate.failed} of ${count(rate.deployments, 'deployment')} failed`,
          rate.not_yet_judged > 0 && `${rate.not_yet_judged} not judged yet`,
        ),
    ),
    line(
      'incidents per deployment',
      (figures) => percent(figures.change_failure_rate.incidents_per_deployment),
      sentence(
        reason('change_failure_rate.incidents_per_deployment') ||
          `${count(rate.incidents, 'incident')}, ${count(rate.deployments, 'deployment')}`,
        rate.not_counted_incidents > 0 &&
          `${count(rate.not_counted_incidents, 'incident')} of services without deployment data, not counted`,
      ),
    ),
    line(
      'time to restore',
      (figures) => time(figures.time_to_restore.median_seconds),
      reason('time_to_restore.median_seconds') ||
        sentence(
          `median of ${count(restore.count, 'resolved incident')}`,
          `mean ${time(restore.mean_seconds)}`,
          `p75 ${time(restore.p75_seconds)}`,
          `p90 ${time(restore.p90_seconds)}`,
          restore.not_known > 0 && `of ${restore.not_known} more it is not known exactly`,
        ),
    ),
    line(
      'failed deployment recovery',
      (figures) => time(figures.failed_deployment_recovery_time.median_seconds),
      reason('failed_deployment_recovery_time.median_seconds') ||
        `median of ${count(now.failed_deployment_recovery_time.count, 'failed deployment')}`,
    ),
    line(
      'rework rate',
      (figures) => percent(figures.rework_rate.rate),
      reason('rework_rate.rate') ||
        `${count(now.rework_rate.count, 'rollback or rollforward', 'rollbacks and rollforwards')} of ${count(now.rework_rate.deployments, 'deployment')}`,
    ),
    line('open incidents', (figures) => String(figures.open_incidents), 'now'),
  ];
}

const groupColumns = ({ by }: Question) => [
  { title: String(by).toUpperCase(), cell: ({ key }: Group) => key ?? '(none)' },
  { title: 'DEPLOYMENTS', cell: ({ deployments }: Group) => deployments.count },
  { title: 'A DAY', cell: ({ deployments }: Group) => perDay(deployments.per_day) },
  { title: 'FAILED', cell: ({ change_failure_rate }: Group) => change_failure_rate.failed },
  { title: 'CFR', cell: ({ change_failure_rate }: Group) => percent(change_failure_rate.failed_deployments) },
  {
    title: 'INCIDENTS',
    cell: ({ change_failure_rate: rate }: Group) => rate.incidents + rate.not_counted_incidents,
  },
  { title: 'RESTORED IN', cell: ({ time_to_restore }: Group) => time(time_to_restore.median_seconds) },
  {
    title: 'RECOVERED IN',
    cell: (group: Group) => time(group.failed_deployment_recovery_time.median_seconds),
  },
  { title: 'OPEN', cell: ({ open_incidents }: Group) => open_incidents },
];
