import { before, type Question, type Report, report } from '../../domain/metrics/dora-report.ts';
import { iso } from '../../store/database/due.ts';
import { type MeasureDeps, type ReadRecords, readRecords } from './read-records.ts';

export interface Answer {
  records: ReadRecords;
  /** What `--json` prints and the API answers. */
  document: { filter: Record<string, unknown> } & Report;
}

/** Reads what the question needs and computes the numbers. */
export async function answer(deps: MeasureDeps, question: Question): Promise<Answer> {
  const { scope, compare, by, timeZone } = question;
  const { env, team, service, fromMs, toMs } = scope;
  const records = await readRecords(deps, compare ? before(scope).fromMs : fromMs);
  const filter = { env, team, service, since: iso(fromMs), until: iso(toMs), by, time_zone: timeZone };
  return { records, document: { filter, ...report(records, question) } };
}
