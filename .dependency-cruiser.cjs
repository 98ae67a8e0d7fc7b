/**
 * Import directions, one rule a floor (docs/architecture.md): whoever stands on a floor imports from it and from
 * those below. Folders of one floor import each other only where `neighbours` lists it.
 */
const floors = ['domain', 'store', 'adapters', 'flow', 'cli|local|console', 'functions'];

/** Folder → the folders of its own floor it may import. The command line, the laptop and the console: none. */
const neighbours = {
  'domain/links': ['catalog', 'text'],
  'domain/metrics': ['catalog', 'deployment', 'links'],
  'domain/pagerduty': ['subject', 'text'],
  'domain/catalog': ['dora', 'pagerduty'],
  'domain/matching': ['catalog', 'dora', 'pagerduty', 'subject'],
  'domain/ci': ['deployment', 'dora', 'incident-report', 'pagerduty', 'text'],
  'domain/incident': [
    'catalog',
    'deployment',
    'incident-report',
    'links',
    'matching',
    'pagerduty',
    'subject',
    'text',
  ],
  'domain/incident-report': ['catalog', 'subject', 'text'],
  'domain/incident-filter': ['catalog', 'deployment', 'incident', 'subject'],
  'domain/deployment': ['catalog', 'subject', 'text'],
  'domain/destination': ['deployment', 'incident'],
  'domain/dora': ['pagerduty', 'deployment', 'incident-report', 'subject'],
  'domain/otlp': ['deployment', 'dora'],
  'adapters/aws': ['config', 'outgoing-http'],
  'adapters/datadog-api': [],
  'adapters/catalog-sources': ['config-values'],
  'adapters/config': ['catalog-sources', 'config-values', 'destinations', 'git-hosts'],
  'adapters/config-values': ['outgoing-http'],
  'adapters/destinations': ['config-values', 'datadog-api', 'outgoing-http'],
  'adapters/git-hosts': ['config-values', 'outgoing-http'],
  'adapters/laptop': ['config', 'config-values'],
  'adapters/pagerduty-api': ['config-values'],
  'flow/doctor': ['subscribe'],
  'flow/import-datadog': ['receive'],
  'flow/reconcile': ['import'],
  'flow/freeze': ['deliver', 'links'],
  'flow/deployments': ['freeze', 'links'],
  'flow/subjects': ['deployments', 'freeze', 'deliver', 'links', 'receive'],
  'flow/links': ['receive'],
  'flow/measure': ['links'],
  'flow/forward': ['subjects'],
  'flow/ingest': ['receive', 'measure'],
  'flow/sweep': ['subjects', 'deliver', 'deployments', 'import', 'import-datadog', 'links', 'receive'],
};

/** What domain code may use besides itself: libraries without a world of their own. */
const pureLibraries =
  '^node_modules/(zod|fastest-levenshtein|lossless-json|packageurl-js|yaml|@bufbuild/protobuf)/';
const root = '^lib/[^/]+\\.ts$';
const onFloor = (floor) => (floor === 'functions' ? '^functions/' : `^lib/(${floor})/`);

const floorRules = floors.slice(0, -1).map((floor, index) => ({
  name: `${floor.split('|')[0]}-imports-downwards`,
  comment: 'A lower floor knows nothing of a higher one.',
  severity: 'error',
  from: { path: onFloor(floor) },
  to: { path: floors.slice(index + 1).map(onFloor) },
}));

/** `$1` is the importing folder itself. */
const neighbourRule = (floor) => ({
  name: `${floor}-neighbours`,
  comment: 'Folders of one floor import each other only where .dependency-cruiser.cjs lists it.',
  severity: 'error',
  from: {
    path: `^lib/${floor}/([^/]+)/`,
    pathNot: Object.keys(neighbours)
      .filter((folder) => folder.startsWith(`${floor}/`))
      .map((folder) => `^lib/${folder}/`),
  },
  to: { path: `^lib/${floor}/`, pathNot: `^lib/${floor}/($1)/` },
});

const listedNeighbours = Object.entries(neighbours).map(([folder, allowed]) => {
  const [floor, name] = folder.split('/');
  return {
    name: `${floor}-neighbours`,
    comment: 'Folders of one floor import each other only where .dependency-cruiser.cjs lists it.',
    severity: 'error',
    from: { path: `^lib/${folder}/` },
    to: { path: `^lib/${floor}/`, pathNot: `^lib/${floor}/(${[name, ...allowed].join('|')})/` },
  };
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...floorRules,
    ...['domain', 'adapters', 'flow'].map(neighbourRule),
    ...listedNeighbours,
    {
      name: 'store-neighbours',
      comment: 'One folder a table; what they share is store/database.',
      severity: 'error',
      from: { path: '^lib/store/([^/]+)/' },
      to: { path: '^lib/store/', pathNot: '^lib/store/($1|database)/' },
    },
    {
      name: 'faces-are-apart',
      severity: 'error',
      from: { path: '^lib/(cli|local|console)/' },
      to: { path: '^lib/(cli|local|console)/', pathNot: '^lib/$1/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'No module of Node, no SDK, no environment, clock, randomness or logger.',
      severity: 'error',
      from: {
        path: '^lib/domain/',
        pathNot: '^lib/domain/(pagerduty/signature|incident/doubles|subject/(log-key|derived-id))\\.ts$',
      },
      to: { pathNot: ['^lib/domain/', root, pureLibraries] },
    },
    {
      name: 'hashes-only',
      comment: 'The files of the domain that hash use node:crypto, and nothing else of Node.',
      severity: 'error',
      from: { path: '^lib/domain/(pagerduty/signature|incident/doubles|subject/(log-key|derived-id))\\.ts$' },
      to: { pathNot: ['^lib/domain/', root, pureLibraries, '^(node:)?crypto$'] },
    },
    {
      name: 'root-stands-alone',
      comment: 'What every floor needs must not bring a floor along.',
      severity: 'error',
      from: { path: root },
      to: { pathNot: root },
    },
    {
      name: 'sdk-only-in-adapters',
      severity: 'error',
      from: { path: '^(lib|functions)/', pathNot: '^lib/(adapters/(aws|destinations)|store|local|cli)/' },
      to: { path: '^node_modules/@aws-sdk/' },
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
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
