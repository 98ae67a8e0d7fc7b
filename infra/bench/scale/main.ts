/**
 * `npm run bench:scale`: metrics and listings on tables of a year, ten minutes of it; `--only metrics` or `commands`.
 * Ends with 1 if an aim is missed. `BENCH_INCIDENTS` takes another number than 100,000 a year.
 */
import { runBenches } from '../run-benches.ts';
import { commandsAtScale } from './commands-at-scale.ts';
import { metricsAtScale } from './metrics-at-scale.ts';

const incidentsAYear = Number(process.env['BENCH_INCIDENTS'] ?? 100_000);
const missed = await runBenches([commandsAtScale(20_000, 5_000), metricsAtScale(incidentsAYear)]);
process.exit(missed > 0 ? 1 : 0);
