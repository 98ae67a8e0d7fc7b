import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { section } from '../docs/document.ts';
import { additions, type Place } from './additions.ts';
import { copyTree } from './copied-tree.ts';

/** The tests that hold a list to the files it stands for … */
const lineTests = [
  'test/adapters/destinations/formats.test.ts',
  'test/flow/subjects/subjects.test.ts',
  'test/cli/command-line.test.ts',
];
/** … and schemas, samples, tables and documentation to the list. */
const rowTests = [
  'test/adapters/destinations/formats.test.ts',
  'test/adapters/config/bridge-json-schema.test.ts',
  'test/adapters/catalog-files/read-catalog.test.ts',
  'test/domain/matching/decide.test.ts',
  'test/domain/incident/incident-event-schema.test.ts',
  'test/docs/lists.test.ts',
  'test/docs/formats.test.ts',
  'test/docs/readme.test.ts',
];
const allTests = [...new Set([...lineTests, ...rowTests, 'test/adapters/destinations/kinds.test.ts'])];
const configuration = ['package.json', 'tsconfig.json', 'jest.config.js', 'serverless.yml'];
const texts = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs'];

const places = additions.flatMap((addition) => addition.places.map((place) => ({ ...place, addition })));
const byCompiler = places.filter(({ missedBy }) => missedBy === 'compiler');
const byTest = places.flatMap(({ missedBy, ...place }) =>
  typeof missedBy === 'object' ? [{ ...place, test: missedBy.test }] : [],
);

/** One for all, so that Jest need not transform every file again. */
const tree = copyTree(['lib', 'functions', 'infra', 'test', ...configuration, ...texts]);

/** Makes the tree the project with one of each kind of thing more, but for the places that are forgotten. */
function grow(forgotten: (place: Place) => boolean): void {
  for (const { file } of places) tree.restore(file);
  for (const place of places) if (!forgotten(place)) place.put(tree);
}

function node(args: string[], environment: Record<string, string> = {}) {
  const ran = spawnSync(process.execPath, args, {
    cwd: tree.folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { status: ran.status, output: `${ran.stdout}${ran.stderr}` };
}

/** Checks what this configuration of TypeScript includes; in one thread, since each does a part of it anew. */
const compile = (project = 'tsconfig.json') =>
  node([
    'node_modules/typescript/bin/tsc',
    ...['--project', project, '--noEmit', '--pretty', 'false', '--singleThreaded'],
  ]);
const pdbridge = (...args: string[]) => node(['lib/cli/pdbridge.mjs', ...args]);

/** The full names of those of these tests that fail; with `asked`, others than those it matches are not run. */
function failing(
  tests: readonly string[],
  { asked = [], environment = {} }: { asked?: RegExp[]; environment?: Record<string, string> } = {},
): string[] {
  const report = path.join(tree.folder, 'report.json');
  const named = asked.length > 0 ? ['--testNamePattern', asked.map(({ source }) => source).join('|')] : [];
  const jest = ['node_modules/jest/bin/jest.js', '--runInBand', '--silent', ...named];
  const { output } = node([...jest, '--json', '--outputFile', report, ...tests], environment);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: {
      name: string;
      message: string;
      assertionResults: { status: string; ancestorTitles: string[]; title: string }[];
    }[];
  };
  if (testResults.length !== tests.length) throw new Error(output);
  return testResults.flatMap(({ name, message, assertionResults }) =>
    assertionResults.length === 0
      ? [`${name} does not run: ${message}`]
      : assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ ancestorTitles, title }) => [...ancestorTitles, title].join(' ')),
  );
}

describe('one more of everything', () => {
  beforeAll(() => {
    grow(() => false);
    node(['--import', 'tsx', 'infra/generate-schemas.ts']);
  });

  it('compiles', () => {
    expect(compile()).toEqual({ status: 0, output: '' });
  });

  it('passes the tests of the lists, which write its golden files', () => {
    expect(failing(allTests, { environment: { WRITE_GOLDEN: '1' } })).toEqual([]);
  });

  it('is known to `config validate`', () => {
    tree.write(
      'new.yml',
      'destinations:\n  - { name: a, type: console, format: telegram }\n  - { name: b, type: pager, beeps: 2 }\n',
    );
    expect(pdbridge('config', 'validate', 'new.yml')).toEqual({
      status: 0,
      output: 'new.yml is valid: 2 destinations: a (console), b (pager).\n',
    });
  });

  it('is known to `catalog validate`', () => {
    const { status, output } = pdbridge('catalog', 'validate', 'test/fixtures/catalog/valid/index-card.yaml');
    expect([status, output]).toEqual([0, 'Valid: 1 definition from 1 file.\n']);
  });

  it('is in `--help`', () => {
    expect(pdbridge('--help').output).toMatch(/^ +ponder .*takes its time$/m);
  });

  it('is in the published schemas', () => {
    const published = (file: string) => readFileSync(path.join(tree.folder, file), 'utf8');
    expect(published('infra/bridge.schema.json')).toContain('"telegram"');
    expect(published('infra/bridge.schema.json')).toContain('"pager"');
    expect(published('lib/domain/incident/incident-event.schema.json')).toContain('"weekday"');
  });
});

describe('a place that was forgotten is a type error:', () => {
  /**
   * The first list of each holds the name; the others are then compared with it. Read is what a contributor touches,
   * and what that imports.
   */
  beforeAll(() => {
    const include = places.map(({ file }) => file).filter((file) => file.endsWith('.ts'));
    tree.write('tsconfig.lists.json', JSON.stringify({ extends: './tsconfig.json', include }));
  });
  const isName = ({ file, addition }: (typeof byCompiler)[number]) =>
    file === byCompiler.find((place) => place.addition === addition)?.file;

  it.each([
    ['the name', byCompiler.filter(isName)],
    ['what the name stands for', byCompiler.filter((place) => !isName(place))],
  ])('%s', (_, missing) => {
    const files = missing.map(({ file }) => file);
    grow((place) => files.includes(place.file));
    const { status, output } = compile('tsconfig.lists.json');
    expect(status).not.toBe(0);
    for (const { file, addition } of missing) {
      // Said where it is missing, or where its counterpart has nothing to stand on.
      const counterparts = addition.places.map((place) => place.file).filter((each) => !files.includes(each));
      expect([file, ...counterparts].filter((each) => output.includes(`${each}(`))).not.toEqual([]);
    }
  });
});

describe.each([
  [
    'a line that was forgotten fails a test:',
    lineTests,
    byTest.filter(({ file }) => file.startsWith('lib/') && file.endsWith('.ts')),
  ],
  [
    'what else was forgotten fails a test:',
    rowTests,
    byTest.filter(({ file }) => !file.startsWith('lib/') || !file.endsWith('.ts')),
  ],
])('%s', (_title, tests, missing) => {
  let failed: string[];
  beforeAll(() => {
    const files = missing.map(({ file }) => file);
    grow((place) => typeof place.missedBy === 'object' && files.includes(place.file));
    failed = failing(tests, { asked: missing.map(({ test }) => test) });
  });

  it.each(missing.map((place) => [`${place.addition.what}: ${place.file}`, place.test] as const))(
    '%s',
    (_, test) => {
      expect(failed.filter((name) => test.test(name))).not.toEqual([]);
    },
  );
});

describe('CONTRIBUTING.md', () => {
  it.each(additions.map(({ what, places: all }) => [what, all] as const))(
    'lists the files to touch: %s',
    (what, all) => {
      const text = section('CONTRIBUTING.md', what);
      const listed = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link).sort();
      // Of a new file, the folder is linked.
      const touched = all.map(({ file }) =>
        /telegram|pager|weekday|index-card|weather|ponder/.test(file) ? path.dirname(file) : file,
      );
      expect([...new Set(listed)]).toEqual([...new Set(touched)].sort());
      expect(text).toContain(`**${all.length} files**`);
    },
  );
});
