/** Import directions: pure code stays pure, the SDK stays in adapters, functions only wire. */
const pure = '^lib/domain/';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-imports-pure',
      comment: 'Pure code imports pure code and zod; the signature alone may use node:crypto.',
      severity: 'error',
      from: { path: pure, pathNot: '^lib/domain/pagerduty/(signature|log-key)\\.ts$' },
      to: {
        pathNot: [
          pure,
          '^lib/ports\\.ts$',
          '^lib/adapters/config/bridge-config\\.ts$',
          '^node_modules/(zod|fastest-levenshtein|yaml)/',
        ],
      },
    },
    {
      name: 'sdk-only-in-adapters',
      severity: 'error',
      from: {
        path: '^(lib|functions)/',
        pathNot: ['^lib/(adapters|store|local|cli)/', '^functions/wiring/'],
      },
      to: { path: '^node_modules/@aws-sdk/' },
    },
    {
      name: 'functions-are-entry-points',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/local/' },
      to: { path: '^functions/' },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(lib|functions)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
