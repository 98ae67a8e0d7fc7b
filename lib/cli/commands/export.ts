import { count } from '../../adapters/terminal/plain.ts';
import { momentOf } from '../../domain/metrics/moment.ts';
import { command, group } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import type { Column, Line } from '../export/column.ts';
import type { ExportFormat } from '../export/format.ts';
import { exportFormats } from '../export/formats.ts';
import { type Place, placeOf, writeWhole } from '../export/place.ts';
import type { Day, ExportSubject } from '../export/subject.ts';
import { exportSubjects } from '../export/subjects.ts';
import { type Io, printJson, wrongUsage } from '../io.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface Options extends TargetOptions {
  format: string;
  since: string;
  until?: string;
  out?: string;
  config?: string;
  json?: true;
}

const names = exportFormats.map(({ name }) => name);

/** `pdbridge export incidents | deployments | deliveries` */
export function exportCommand(io: Io) {
  return group(
    io,
    'export',
    'writes what the tables have as files for a warehouse, laid out by day',
    exportSubjects.map((subject) =>
      withTarget(
        command(io, subject.name, `exports ${subject.name} by the day of their ${subject.by}`, [
          `export ${subject.name} --format csv --since 30d --out ${subject.name}.csv`,
          `export ${subject.name} --format parquet --since 90d --out s3://acme-dora/bridge`,
        ]),
      )
        .option('--format <format>', names.join(', '), 'ndjson')
        .requiredOption('--since <time>', 'from when on: 90d, 12w, 2026-03-01')
        .option('--until <time>', 'up to when (now)')
        .option('--out <place>', 'a file that ends in the format, a folder, or s3://bucket/prefix')
        .option(...configOption)
        .action((options: Options) => run(subject, options, io)),
    ),
  );
}

async function run(subject: ExportSubject, options: Options, io: Io): Promise<void> {
  const { out, region } = options;
  const format = exportFormats.find(({ name }) => name === options.format);
  if (!format) throw wrongUsage(`--format is one of ${names.join(', ')}, not "${options.format}".`);
  if (out === undefined && format.name === 'parquet')
    throw wrongUsage('Parquet is no text: give --out, a file, a folder or s3://bucket/prefix.');
  if (out === undefined && options.json)
    throw wrongUsage('--json sums up what was written: it needs --out. --format ndjson prints JSON.');
  const nowMs = io.now();
  const range = {
    fromMs: moment('--since', options.since, nowMs),
    toMs: moment('--until', options.until, nowMs),
  };
  if (range.fromMs >= range.toMs) throw wrongUsage('--since must lie before --until.');
  const config = await configOf(options, io);
  const { store } = await resolveTarget(options, io);
  const days = subject.days({ store, config, nowMs }, range);
  const columns: Column[] = [{ name: 'day', type: 'text' }, ...subject.columns];

  const isFile = out !== undefined && !out.startsWith('s3://') && out.endsWith(`.${format.name}`);
  if (out === undefined || isFile) {
    const lines = await inOne(days);
    const content = await format.write(lines, columns);
    if (out === undefined) return io.out(String(content));
    await writeWhole(out, content);
    return summary(io, options, subject, { rows: lines.length, files: [out] });
  }
  const place = await placeOf(out, { region, endpoint: io.environment['AWS_ENDPOINT_URL_S3'] });
  summary(io, options, subject, await byDay(days, { place, format, columns: subject.columns, subject }));
}

const withDay = ({ day, lines }: Day): Line[] => lines.map((line) => ({ day, ...line }));

async function inOne(days: AsyncGenerator<Day>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const day of days) for (const line of withDay(day)) lines.push(line);
  return lines;
}

/** A file a day, as engines read partitions: `incidents/day=2026-03-02/incidents.parquet`; written anew each time. */
async function byDay(
  days: AsyncGenerator<Day>,
  to: { place: Place; format: ExportFormat; columns: readonly Column[]; subject: ExportSubject },
): Promise<{ rows: number; files: string[] }> {
  const { place, format, columns, subject } = to;
  const done = { rows: 0, files: [] as string[] };
  for await (const { day, lines } of days) {
    const name = `${subject.name}/day=${day}/${subject.name}.${format.name}`;
    if (lines.length === 0) {
      await place.remove(name);
      continue;
    }
    // The day is in the path, where engines find it.
    await place.put(name, await format.write(lines, columns));
    done.rows += lines.length;
    done.files.push(`${place.description.replace(/\/+$/, '')}/${name}`);
  }
  return done;
}

function summary(
  io: Io,
  { json, format }: Options,
  { name }: ExportSubject,
  { rows, files }: { rows: number; files: string[] },
): void {
  if (json) {
    printJson(io, { exported: name, format, rows, files });
    return;
  }
  io.out(`${rows} ${name} in ${count(files.length, 'file')}${files.length === 1 ? `: ${files[0]}` : ''}\n`);
}

function moment(option: string, text: string | undefined, nowMs: number): number {
  if (text === undefined) return nowMs;
  const ms = momentOf(text, nowMs, 'UTC');
  if (ms === undefined) throw wrongUsage(`${option} is not a time: "${text}". Write 90d, 12w or 2026-03-01.`);
  return ms;
}
