import everything from './jest.config.js';

/** `npm run test:fast`: what starts no process, packages nothing and is over in a few seconds a file. */
export default {
  ...everything,
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/(docs/commands|end-to-end|fuzz|house|infra|simulation)',
    '/test/cli/(bundle|command-line)',
    '/test/local/(demo.test|embedded-dynamodb|live-catalogs|npm-start|repair-indexes|storage-failures)',
    '/test/flow/freeze/(dying-worker|long-incident)',
  ],
};
