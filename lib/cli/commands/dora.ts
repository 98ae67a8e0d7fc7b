import { answer } from '../../flow/measure/answer.ts';
import { command } from '../command.ts';
import { configOf } from '../config-file.ts';
import { renderCsv } from '../dora/csv.ts';
import { type QuestionOptions, questionOf, withQuestion } from '../dora/question.ts';
import { renderReport } from '../dora/render.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';
import { resolveTarget, type TargetOptions } from '../target.ts';
import { doraDeployment, doraFailure } from './dora-report.ts';
import { doraWhy } from './dora-why.ts';

interface Options extends QuestionOptions, TargetOptions {
  config?: string;
  csv?: true;
  json?: true;
}

/** `pdbridge dora` and what belongs to it. */
export function doraCommand(io: Io) {
  return withQuestion(
    command(
      io,
      'dora',
      'the DORA metrics: how often is deployed, how often that fails, how fast it is mended',
      [
        'dora --env prod --since 90d',
        'dora --by service --compare',
        'dora why change_failure_rate --env prod',
      ],
    ),
  )
    .option('--by <what>', 'a line for each service, team, env, week or month')
    .option('--compare', 'also the range of the same length before')
    .option('--csv', 'print CSV, a line for the whole and one for each group')
    .action((options: Options) => show(options, io))
    .addCommand(doraWhy(io))
    .addCommand(doraDeployment(io))
    .addCommand(doraFailure(io));
}

async function show(options: Options, io: Io): Promise<void> {
  if (options.csv && options.json) throw wrongUsage('Give --csv or --json, not both.');
  const question = questionOf(options, io.now());
  const config = await configOf(options, io);
  const { store } = await resolveTarget(options, io);
  const { document, records } = await answer({ store, config, nowMs: io.now() }, question);
  if (options.json) return printJson(io, document);
  if (options.csv) return io.out(renderCsv(document));
  io.out(renderReport(document, question, records.leftOut, io.columns));
}
