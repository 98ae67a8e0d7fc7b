import { circumstances, faultKinds } from './fault-kinds.ts';
import type { Aim } from './weather.ts';

export interface Arguments {
  from: number;
  count: number;
  workers?: number;
  trace: boolean;
  coverage: boolean;
  aim?: Aim;
}

export const usage = `npm run simulate -- --seeds N [--from S] [--workers W] [--no-coverage]
npm run simulate -- --replay S [--aim 'AWAIT | FAULT | TIME']

  --seeds N      how many seeds to play (default 1000), on all cores
  --from S       the first seed (default 1)
  --workers W    threads (default: one a core)
  --no-coverage  do not aim further seeds at (await, fault) pairs that were missed
  --replay S     play one seed again and print everything that happened
  --aim          where a failing seed was struck on purpose, as it was printed

Example: npm run simulate -- --seeds 2000 --from 1`;

/** Throws with a remedy for anything it does not understand. */
export function readArguments(given: readonly string[]): Arguments | 'help' {
  const result: Arguments = { from: 1, count: 1000, trace: false, coverage: true };
  const rest = [...given];
  const number = (option: string): number => {
    const text = rest.shift() ?? '';
    if (!/^\d{1,9}$/.test(text))
      throw new Error(`${option} needs a whole number, not "${text}".\n\n${usage}`);
    return Number(text);
  };
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === '--help') return 'help';
    if (option === '--seeds') result.count = number(option);
    else if (option === '--from') result.from = number(option);
    else if (option === '--workers') result.workers = Math.max(1, number(option));
    else if (option === '--no-coverage') result.coverage = false;
    else if (option === '--replay') {
      Object.assign(result, { from: number(option), count: 1, trace: true, coverage: false, workers: 1 });
    } else if (option === '--aim') result.aim = readAim(rest.shift() ?? '');
    else throw new Error(`"${option}" is not an option of the simulation.\n\n${usage}`);
  }
  return result;
}

function readAim(text: string): Aim {
  const [label, fault, occurrence, ...rest] = text.split(' | ');
  const known = [...faultKinds, ...circumstances].find((kind) => kind === fault);
  const counted = occurrence === undefined || /^[1-9]\d{0,5}$/.test(occurrence);
  if (!label || !known || !counted || rest.length > 0)
    throw new Error(
      `--aim needs 'AWAIT | FAULT' or 'AWAIT | FAULT | TIME' as it was printed, not "${text}".`,
    );
  return { label, fault: known, ...(occurrence !== undefined && { occurrence: Number(occurrence) }) };
}
