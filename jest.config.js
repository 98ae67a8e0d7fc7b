/** Tests are TypeScript; swc compiles each file to CommonJS on the fly, type checking is `npm run check:types`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.(ts|mjs)$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
  extensionsToTreatAsEsm: [],
  testTimeout: 30_000,
};
