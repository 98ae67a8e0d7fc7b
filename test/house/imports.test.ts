import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type CopiedTree, copyTree } from './copied-tree.ts';

/** From the ground up; a file of each that another floor could want. */
const floors = [
  ['domain', 'lib/domain/retry/', 'lib/domain/retry/retry.ts'],
  ['store', 'lib/store/outgoing/', 'lib/store/outgoing/outgoing.ts'],
  ['adapters', 'lib/adapters/telemetry/', 'lib/adapters/telemetry/redact.ts'],
  ['flow', 'lib/flow/receive/', 'lib/flow/receive/incoming-event.ts'],
  ['cli', 'lib/cli/', 'lib/cli/set-path.ts'],
  ['functions', 'functions/', 'functions/forward.ts'],
] as const;

/** Rule, importing file, what it imports, and how that is written where it is not a file of ours. */
type Row = [rule: string, from: string, to: string, specifier?: string];

const upwards = floors.flatMap(([floor, folder], index) =>
  floors
    .slice(index + 1)
    .map(([above, , file]): Row => [`${floor}-imports-downwards`, `${folder}wrong-${above}.ts`, file]),
);

const sideways: Row[] = [
  ['domain-neighbours', 'lib/domain/retry/wrong.ts', 'lib/domain/catalog/owner.ts'],
  ['domain-neighbours', 'lib/domain/catalog/wrong.ts', 'lib/domain/retry/retry.ts'],
  ['store-neighbours', 'lib/store/outgoing/wrong.ts', 'lib/store/mappings/mappings.ts'],
  ['adapters-neighbours', 'lib/adapters/telemetry/wrong.ts', 'lib/adapters/terminal/table.ts'],
  ['adapters-neighbours', 'lib/adapters/aws/wrong.ts', 'lib/adapters/terminal/table.ts'],
  ['flow-neighbours', 'lib/flow/receive/wrong.ts', 'lib/flow/deliver/settle.ts'],
  ['flow-neighbours', 'lib/flow/forward/wrong.ts', 'lib/flow/deliver/settle.ts'],
  ['faces-are-apart', 'lib/cli/wrong.ts', 'lib/local/repeatedly.ts'],
  ['faces-are-apart', 'lib/local/wrong.ts', 'lib/cli/set-path.ts'],
];

const others: Row[] = [
  ['root-stands-alone', 'lib/wrong.ts', 'lib/domain/retry/retry.ts'],
  ['domain-is-pure', 'lib/domain/retry/wrong-module.ts', 'fs', 'node:fs'],
  ['hashes-only', 'lib/domain/pagerduty/signature.ts', 'fs', 'node:fs'],
  [
    'sdk-only-in-adapters',
    'lib/flow/receive/wrong-sdk.ts',
    'node_modules/@aws-sdk/client-sqs/',
    '@aws-sdk/client-sqs',
  ],
  ['product-does-not-import-tests', 'lib/local/wrong-test.ts', 'test/wrong.ts'],
  ['no-circular', 'lib/local/wrong-one.ts', 'lib/local/wrong-two.ts'],
];

const violations = [...upwards, ...sideways, ...others].map(([rule, from, to, specifier]) => ({
  from,
  specifier: specifier ?? relative(from, to),
  line: `${rule}: ${from} → ${to}`,
  rule,
}));

function relative(from: string, to: string): string {
  const text = path.relative(path.dirname(from), to);
  return text.startsWith('.') ? text : `./${text}`;
}

function copied(): CopiedTree {
  const tree = copyTree(['lib', 'functions', 'infra', '.dependency-cruiser.cjs', 'tsconfig.json']);
  // The packages are behind a link here; without this their files would be somewhere else than in node_modules.
  tree.edit('.dependency-cruiser.cjs', 'options: {', 'options: {\n    preserveSymlinks: true,');
  return tree;
}

function check(tree: CopiedTree): { status: number | null; lines: string[] } {
  const ran = spawnSync(process.execPath, ['infra/check-imports.mjs'], {
    cwd: tree.folder,
    encoding: 'utf8',
  });
  return { status: ran.status, lines: `${ran.stdout}${ran.stderr}`.trim().split('\n') };
}

describe('the import check', () => {
  let result: { status: number | null; lines: string[] };
  beforeAll(() => {
    const tree = copied();
    tree.write('test/wrong.ts', 'export {};\n');
    tree.write('lib/local/wrong-two.ts', "import './wrong-one.ts';\n");
    for (const { from, specifier } of violations) {
      const original = existsSync(from) ? readFileSync(from, 'utf8') : '';
      tree.write(from, `import '${specifier}';\n${original}`);
    }
    result = check(tree);
  });

  it.each(violations)('says $line', ({ line }) => {
    expect(result.lines.filter((each) => each.startsWith(line))).toHaveLength(1);
  });

  it('fails, and has found nothing but what is wrong', () => {
    expect(result.status).toBe(1);
    const wrong = new Set(violations.map(({ from }) => from));
    const elsewhere = result.lines.filter((line) => !wrong.has(/: (\S+) →/.exec(line)?.[1] ?? ''));
    expect(elsewhere).toEqual([]);
  });

  it('has a violation here for each of its rules', () => {
    const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    expect([...new Set(violations.map(({ rule }) => rule))].sort()).toEqual(
      [...new Set(forbidden.map(({ name }) => name))].sort(),
    );
  });

  it('fails when its configuration leaves every file out', () => {
    const tree = copied();
    tree.edit('.dependency-cruiser.cjs', 'options: {', "options: {\n    includeOnly: '^nowhere/',");
    const { status, lines } = check(tree);
    expect(status).toBe(1);
    expect(lines.join()).toMatch(/Only 0 of [1-9]\d* files were read/);
  });

  it('fails when there is nothing to read', () => {
    const tree = copyTree(['infra', '.dependency-cruiser.cjs', 'tsconfig.json']);
    for (const folder of ['lib', 'functions']) tree.write(`${folder}/readme.txt`, '');
    const { status, lines } = check(tree);
    expect(status).toBe(1);
    expect(lines.join()).toMatch(/Only 0 of 0 files were read/);
  });
});
