/** Ten times as much as the campaigns do; any number already given stays. */
const long = {
  KILL_INCIDENTS: '200',
  KILLS: '12',
  PROCESS_INCIDENTS: '100',
  PROCESS_KILLS: '12',
  SIMULATION_SECONDS: '180',
};
for (const [name, much] of Object.entries(long)) process.env[name] ??= much;

const { default: campaigns } = await import('./jest.campaigns.config.js');

/** `npm run test:long`: the campaigns that kill processes and play seeds. */
export default {
  ...campaigns,
  testMatch: [
    '**/end-to-end/kill.test.ts',
    '**/simulation/process-level.test.ts',
    '**/simulation/simulation.test.ts',
  ],
};
