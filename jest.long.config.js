import everything from './jest.config.js';

/** What these tests take a little of in each run of `npm test`; any number already given stays. */
const long = {
  KILL_INCIDENTS: '200',
  KILLS: '12',
  PROCESS_INCIDENTS: '100',
  PROCESS_KILLS: '12',
  SIMULATION_SECONDS: '180',
};
for (const [name, much] of Object.entries(long)) process.env[name] ??= much;

/** `npm run test:long`: the tests that kill processes and play seeds, for ten times as long. */
export default {
  ...everything,
  testMatch: [
    '**/end-to-end/kill.test.ts',
    '**/simulation/process-level.test.ts',
    '**/simulation/simulation.test.ts',
  ],
};
