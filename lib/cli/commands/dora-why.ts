import { count } from '../../adapters/terminal/plain.ts';
import { renderTable } from '../../adapters/terminal/table.ts';
import { type Evidence, type Exhibit, evidence, numbers } from '../../domain/metrics/evidence.ts';
import { duration } from '../../domain/text/duration.ts';
import { readRecords } from '../../flow/measure/read-records.ts';
import { iso } from '../../store/database/due.ts';
import { command } from '../command.ts';
import { configOf } from '../config-file.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../dora/question.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';
import { resolveTarget, type TargetOptions } from '../target.ts';

interface Options extends QuestionOptions, TargetOptions {
  config?: string;
  json?: true;
}

/** `pdbridge dora why <number>` */
export function doraWhy(io: Io) {
  return withQuestion(
    command(io, 'why <number>', `what a number is made of; one of ${numbers.join(', ')}`, [
      'dora why change_failure_rate --env prod --since 30d',
    ]),
  ).action((number: string, options: Options) => why(number, options, io));
}

async function why(number: string, options: Options, io: Io): Promise<void> {
  const known = numbers.find((each) => each === number);
  if (!known) throw wrongUsage(`"${number}" is none of the numbers: ${numbers.join(', ')}.`);
  const { scope } = questionOf(options, io.now());
  const config = await configOf(options, io);
  const { store } = await resolveTarget(options, io);
  const records = await readRecords({ store, config, nowMs: io.now() }, scope.fromMs);
  const found = evidence(known, records, scope, records.links);
  if (options.json) return printJson(io, { number: known, ...found });
  io.out(text(found, io));
}

function text({ exhibits, rule }: Evidence, io: Io): string {
  const counted = exhibits.filter(({ counts }) => counts).length;
  return `${rule}\n\n${renderTable(columns, exhibits, io.columns)}${count(counted, 'counts', 'count')}, ${exhibits.length - counted} looked at beside\n`;
}

const columns = [
  { title: 'WHAT', cell: ({ kind }: Exhibit) => kind },
  { title: 'ID', cell: ({ id }: Exhibit) => id },
  { title: 'COUNTS', cell: ({ counts }: Exhibit) => (counts ? 'yes' : 'no') },
  { title: 'SERVICES', cell: ({ services }: Exhibit) => services.join(', ') || undefined },
  { title: 'ENV', cell: ({ env }: Exhibit) => env },
  { title: 'AT', cell: ({ atMs }: Exhibit) => iso(atMs).slice(0, 16).replace('T', ' ') },
  { title: 'TOOK', cell: ({ seconds }: Exhibit) => (seconds === undefined ? undefined : duration(seconds)) },
  { title: 'WHY', cell: ({ reason }: Exhibit) => reason },
];
