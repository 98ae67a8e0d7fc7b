import { availableParallelism } from 'node:os';

// The SDK announces at every start what Node it will want next year; tests print only what matters.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Tests make much that is garbage at once: with more room for it (MB), a tenth of their processor time is saved. */
const room = '--max-semi-space-size';
if (process.allowedNodeEnvironmentFlags.has(room))
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} ${room}=32`.trim();

/**
 * Test files run in plain Node, one after the other in a process for each core, and share what they load: loading is
 * most of what a small file costs. So nothing may be left behind in a module, and what a file sets in its process it
 * sets back. tsx compiles TypeScript (test/setup.mjs), type checking is `npm run check:types`.
 */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  runner: ['jest-light-runner', { runtime: 'child_process' }],
  setupFiles: ['<rootDir>/test/setup.mjs'],
  // What files share, such as a receiver, is never closed; a single worker is Jest's own process.
  forceExit: true,
  // Jest's default, one less than the cores, leaves one idle; one more makes what plays against real clocks late.
  maxWorkers: availableParallelism(),
  testSequencer: '<rootDir>/test/longest-first.mjs',
};
