import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import everything from './jest.config.js';

/** What `npm test` takes a part or a little of; any number already given stays. */
const amounts = {
  AIM_EVERY: '40',
  EVERY_CUT: 'true',
  EVERY_MUTANT: 'true',
  EVERY_TIME: 'true',
  KILL_INCIDENTS: '24',
  KILLS: '3',
  PROCESS_INCIDENTS: '16',
  PROCESS_KILLS: '2',
  SIMULATION_SECONDS: '15',
};
for (const [name, much] of Object.entries(amounts)) process.env[name] ??= much;

const tests = path.join(import.meta.dirname, 'test');
const often = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
  (file) =>
    file.endsWith('.test.ts') && readFileSync(path.join(tests, file), 'utf8').includes('support/often.ts'),
);

/** `npm run test:campaigns`: what does one thing over and over; CI runs it after `npm test`. */
export default {
  ...everything,
  testMatch: [
    '**/end-to-end/kill.test.ts',
    '**/flow/freeze/dying-worker.test.ts',
    '**/simulation/{aims,mutants,process-level,simulation}.test.ts',
    ...often.map((file) => `**/test/${file}`),
  ],
};
