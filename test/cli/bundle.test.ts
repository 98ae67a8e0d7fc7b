import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import packageJson from '../../package.json';
import { type CopiedTree, copyTree } from '../house/copied-tree.ts';
import { run } from '../local/child-process.ts';

const parts = ['lib', 'package.json', 'tsconfig.json', 'test/fixtures/events'];
const cacheOf = (tree: CopiedTree) => path.join(tree.folder, 'node_modules/.cache/pdbridge');
const bundleOf = (tree: CopiedTree) => path.join(cacheOf(tree), readdirSync(cacheOf(tree))[0] ?? '');

async function start(tree: CopiedTree, ...args: string[]) {
  const child = run(process.execPath, [path.join(tree.folder, 'lib/cli/pdbridge.mjs'), ...args]);
  const code = await child.ended;
  return { code, out: child.lines.join('\n'), err: child.errors() };
}
const version = { code: 0, out: packageJson.version, err: '' };

describe('a start of `pdbridge`', () => {
  const tree = copyTree(parts);

  it('makes the bundle if there is none, also when many start at once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => start(tree, '--version')));
    expect(all).toEqual([version, version, version, version]);
    expect(readdirSync(cacheOf(tree))).toHaveLength(1);
  });

  it('takes the bundle that is there', async () => {
    // Marked so that it shows which one ran.
    writeFileSync(
      bundleOf(tree),
      `${readFileSync(bundleOf(tree), 'utf8')}\nprocess.stderr.write('bundled');\n`,
    );
    expect(await start(tree, '--version')).toEqual({ ...version, err: 'bundled' });
  });

  it('finds the samples, wherever it is started', async () => {
    const { out } = await start(tree, 'trigger', '--list');
    const samples = readdirSync('test/fixtures/events').map((file) => file.replace('.json', ''));
    expect(out.split('\n')).toEqual(samples.sort());
  });

  it('runs what is on disk after a file has changed, also to a text of the same length', async () => {
    tree.edit('lib/cli/main.ts', 'Looks into the bridge', 'Looks upon the bridge');
    expect((await start(tree, '--help')).out).toContain('Looks upon the bridge');
    tree.edit('package.json', `"version": "${packageJson.version}"`, '"version": "9.9.9"');
    expect(await start(tree, '--version')).toEqual({ ...version, out: '9.9.9' });
    expect(readdirSync(cacheOf(tree))).toHaveLength(1);
  });

  it('does not stumble over a damaged bundle', async () => {
    writeFileSync(bundleOf(tree), readFileSync(bundleOf(tree), 'utf8').slice(0, 1000));
    expect(await start(tree, '--version')).toMatchObject({ code: 0, out: '9.9.9', err: '' });
  });

  it('says what is wrong with code that cannot be bundled', async () => {
    tree.edit('lib/cli/main.ts', 'export function program', 'export funktion program');
    const { code, err } = await start(tree, '--version');
    expect(code).not.toBe(0);
    expect(err).toContain('lib/cli/main.ts');
  });
});

describe('without a bundle', () => {
  it('`pdbridge` runs as well, where nothing can be written', async () => {
    const tree = copyTree(parts);
    mkdirSync(path.dirname(cacheOf(tree)), { recursive: true });
    // Not even an administrator can make a folder below a file.
    writeFileSync(cacheOf(tree), '');
    expect(await start(tree, '--version')).toEqual(version);
  });

  it('`npm start` runs as well, without esbuild', async () => {
    const tree = copyTree(parts, ['esbuild']);
    const child = run(process.execPath, [path.join(tree.folder, 'lib/local/start.mjs')], { PORT: 'eighty' });
    expect(await child.ended).toBe(1);
    expect(child.errors()).toMatch(/^PORT must be a port/);
    const local = path.join(path.dirname(cacheOf(tree)), 'local');
    expect(existsSync(local) ? readdirSync(local) : []).toEqual([]);
  });
});

it('installing the packages makes the bundle, and is no fault where the code is not there yet', () => {
  const tree = copyTree(parts);
  const bare = copyTree(['package.json']);
  for (const each of [tree, bare]) {
    const { status, stderr } = spawnSync('sh', ['-c', packageJson.scripts.prepare], {
      cwd: each.folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
  expect(readdirSync(cacheOf(tree))).toHaveLength(1);
});
