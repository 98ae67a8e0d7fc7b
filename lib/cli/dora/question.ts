import type { Command } from 'commander';
import { ask } from '../../domain/metrics/ask.ts';
import type { Question } from '../../domain/metrics/dora-report.ts';
import { configOption } from '../config-file.ts';
import { wrongUsage } from '../io.ts';
import { withTarget } from '../target.ts';

export interface QuestionOptions {
  env?: string;
  team?: string;
  service?: string;
  since?: string;
  until?: string;
  by?: string;
  compare?: true;
  timeZone?: string;
}

/** What every command takes that is about numbers. */
export const withQuestion = (command: Command): Command =>
  withTarget(command)
    .option('--env <env>', 'only this environment')
    .option('--team <team>', 'only this team')
    .option('--service <service>', 'only this service')
    .option('--since <time>', 'from when on: 90d, 12w, 2026-03-01 or 2026-03-01T09:00Z (90d)')
    .option('--until <time>', 'up to when (now)')
    .option('--time-zone <zone>', 'whose days, weeks and months: UTC, Europe/Berlin (UTC)')
    .option(...configOption);

/** The options as a question; throws what is wrong with them. */
export function questionOf({ timeZone, ...options }: QuestionOptions, nowMs: number): Question {
  const asked = ask({ ...options, time_zone: timeZone }, nowMs);
  if ('question' in asked) return asked.question;
  const { name, message } = asked.fault;
  throw wrongUsage(`--${name.replace('_', '-')} ${message}`);
}
