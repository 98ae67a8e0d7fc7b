import { parseArgs } from 'node:util';
import type { Bench, Measurement } from './bench.ts';

/** Runs the benches that the arguments name, prints each figure beside its aim, and says how many aims were missed. */
export async function runBenches(benches: readonly Bench[]): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  });
  const chosen = benches.filter(({ id }) => !values.only || values.only.includes(id));
  if (chosen.length === 0) {
    console.error(`--only takes one of ${benches.map(({ id }) => id).join(', ')}`);
    process.exit(2);
  }

  const print = (text: string) => {
    if (!values.json) console.log(text);
  };

  const results: Record<string, Measurement[]> = {};
  for (const { id, title, run } of chosen) {
    print(`\n${title}`);
    const measurements: Measurement[] = [];
    await run((measurement) => {
      measurements.push(measurement);
      print(line(measurement));
    });
    results[id] = measurements;
  }
  if (values.json) console.log(JSON.stringify(results));
  return Object.values(results)
    .flat()
    .filter(({ value, aim }) => aim !== undefined && value > aim).length;
}

function line({ name, value, unit, aim }: Measurement): string {
  const digits =
    unit === 'ratio' ? 2 : unit === 'ms' && value < 1 ? 3 : unit === 'ms' || unit.endsWith('units') ? 1 : 0;
  const verdict = aim === undefined ? '' : `  aim ${aim}: ${value <= aim ? 'met' : 'missed'}`;
  const shownUnit = unit === 'ratio' ? '' : unit;
  return `  ${name.padEnd(64)} ${value.toFixed(digits).padStart(10)} ${shownUnit}${verdict}`;
}
