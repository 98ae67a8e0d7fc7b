import everything from './jest.config.js';

/** `npm run test:fast`: what is pure, and the adapters that talk to nobody; no database, no process, no bundle. */
export default {
  ...everything,
  testMatch: ['**/test/domain/**/*.test.ts', '**/test/adapters/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/adapters/(aws|destinations/(aws-|datadog-picture))'],
};
