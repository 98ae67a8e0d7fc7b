import { availableParallelism } from 'node:os';

// The SDK announces at every start what Node it will want next year; tests print only what matters.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Tests are TypeScript; swc compiles each file to CommonJS on the fly, type checking is `npm run check:types`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.(ts|mjs)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  extensionsToTreatAsEsm: [],
  // For what hangs, not for what is slow: a machine that is busy makes a test wait, it must not fail it.
  testTimeout: 120_000,
  // Jest's default, one less than the cores, leaves one idle; one more makes what plays against real clocks late.
  maxWorkers: availableParallelism(),
  testSequencer: '<rootDir>/test/longest-first.mjs',
};
