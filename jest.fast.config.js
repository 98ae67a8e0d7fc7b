import everything from './jest.config.js';

/** `npm run test:fast`: what starts no process, packages nothing and takes no campaign. */
export default {
  ...everything,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/(cli|docs|end-to-end|infra|local|simulation|store)/',
    '/test/adapters/destinations/aws-emulator',
    '/test/flow/freeze/(dying-worker|long-incident)',
  ],
};
