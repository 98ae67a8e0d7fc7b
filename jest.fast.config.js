import everything from './jest.config.js';

/** `npm run test:fast`: what starts no process, packages nothing and is over in a few seconds a file. */
export default {
  ...everything,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/(cli|docs|end-to-end|house|infra|local|simulation|store)/',
    '/test/adapters/destinations/aws-emulator',
    '/test/flow/bridge',
    '/test/flow/deliver/owed-again',
    '/test/flow/freeze/(dying-worker|long-incident)',
  ],
};
