import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type ReadOptions, readCatalog } from '../../../lib/adapters/catalog-files/read-catalog.ts';
import { showFinding } from '../../../lib/domain/catalog/definition.ts';
import { sourceFormats } from '../../../lib/domain/catalog/entry.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalog-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

const defined = (name: string) => `schema-version: v2.2\ndd-service: ${name}\n`;

async function read(...paths: string[]) {
  return readWith({}, ...paths);
}

async function readWith(options: ReadOptions, ...paths: string[]) {
  const result = await readCatalog(
    paths.map((path) => (path === '-' ? path : join(folder, path))),
    options,
  );
  const show = (finding: Parameters<typeof showFinding>[0]) =>
    showFinding(finding).replaceAll(`${folder}/`, '');
  return {
    names: result.entries.map(({ name }) => name),
    errors: result.errors.map(show),
    warnings: result.warnings.map(show),
  };
}

describe('a folder', () => {
  it('is read at every depth, in the order of its names', async () => {
    await write({
      'b.yml': defined('b'),
      'a/z/deep.yaml': defined('deep'),
      'c.JSON': '{"schema-version": "v2.2", "dd-service": "c"}',
    });
    expect(await read('.')).toEqual({ names: ['deep', 'b', 'c'], errors: [], warnings: [] });
  });

  it('is not read where tools keep their files, nor files of other kinds', async () => {
    await write({
      'a.yaml': defined('a'),
      '.git/b.yaml': defined('b'),
      'node_modules/x/c.yaml': defined('c'),
      'readme.md': 'dd-service',
    });
    expect((await read('.')).names).toEqual(['a']);
  });

  it('is read once, however many paths and links lead to it', async () => {
    await write({ 'a/a.yaml': defined('a') });
    await symlink(join(folder, 'a'), join(folder, 'a', 'again'));
    await symlink(join(folder, 'a', 'a.yaml'), join(folder, 'link.yaml'));
    expect(await read('.', 'a/a.yaml')).toMatchObject({ names: ['a'], errors: [] });
  });

  it('that is empty gives a warning', async () => {
    await write({ 'empty/readme.md': '' });
    expect(await read('empty')).toEqual({
      names: [],
      errors: [],
      warnings: ['empty: has no .yaml, .yml or .json file that was not read already'],
    });
  });

  it('of empty files gives a warning', async () => {
    await write({ 'a.yaml': '# later\n' });
    expect(await read('.')).toMatchObject({
      names: [],
      errors: [],
      warnings: [expect.stringContaining('no service or team is defined')],
    });
  });

  it('is looked through like a person would: by names, then by a look at the text', async () => {
    await write({
      'chart/service.yaml':
        'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ include "x.fullname" . }}\n',
      'chart/labels.yaml': 'metadata:\n  labels:\n    backstage.io/kubernetes-id: {{ .Values.id }}\n',
      'languages.json': '["en", "fr"]',
      'log.json': '{"a": 1}\n{"a": 2}\n',
      'tsconfig.json': '{\n  // comments\n  "compilerOptions": {}\n}',
      'mkdocs.yml': 'extensions:\n  - emoji: !!python/name:x.y\n',
      'static-analysis.datadog.yml': 'schema-version: v1\nrulesets: [a]\n',
      'broken.yaml': 'a: [\n',
      'deploy.yml': 'jobs:\n  deploy:\n    with:\n      dd-service: foo\n',
      'all.yaml': `kind: ConfigMap\n---\n${defined('a')}`,
      'b.datadog.yaml': 'apiVersion: v3 # entity\nkind: service\nmetadata: {name: b}\n',
      'deep/entity.yml': 'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: c}\n',
      '.backstage/d.yaml': '{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {name: d}}',
    });
    expect(await read('.')).toEqual({ names: ['d', 'a', 'b', 'c'], errors: [], warnings: [] });
  });

  it('says what was passed over to those who ask', async () => {
    await write({
      'a.yaml': defined('a'),
      'values.yaml': 'x: 1\n',
      '.gitignore': 'out\n',
      'out/b.yaml': defined('b'),
    });
    const { notes } = await readCatalog([folder], { exclude: [] });
    expect(notes.map(showFinding)).toEqual([
      `${folder}/out: is ignored by .gitignore`,
      `${folder}/values.yaml: has no definition in it`,
    ]);
  });

  it('is read without what .gitignore names, at every level', async () => {
    await write({
      '.git/HEAD': '',
      '.gitignore': 'dist/\n*.gen.yaml\n!keep.gen.yaml\n',
      'a.yaml': defined('a'),
      'dist/b.yaml': defined('b'),
      'c.gen.yaml': defined('c'),
      'keep.gen.yaml': defined('d'),
      'sub/.gitignore': '/local.yaml\n',
      'sub/local.yaml': defined('e'),
      'sub/f.yaml': defined('f'),
      'sub/dist/g.yaml': defined('g'),
    });
    expect((await read('.')).names).toEqual(['a', 'd', 'f']);
    expect((await read('sub')).names).toEqual(['f']);
    expect((await read('dist')).names).toEqual(['b']);
    expect((await read('sub/local.yaml')).names).toEqual(['e']);
  });

  it('is read without what is excluded', async () => {
    await write({ 'a.yaml': defined('a'), 'test/fixtures/b.yaml': defined('b'), 'sub/c.yaml': defined('c') });
    for (const [exclude, names] of [
      [['**/fixtures/**', 'sub'], ['a']],
      [['test/**'], ['c', 'a'].sort()],
      [['/sub/*.yaml'], ['a', 'b']],
      [['./sub/**'], ['a', 'b']],
      [['*.yaml'], []],
    ] as const) {
      expect((await readWith({ exclude }, '.')).names.sort()).toEqual(names);
    }
    expect((await readWith({ exclude: ['a.yaml'] }, 'a.yaml')).names).toEqual([]);
    await write({ '.git/HEAD': '' });
    expect((await readWith({ exclude: ['sub/c.*'] }, 'sub')).names).toEqual([]);
  });

  it('is read without what scaffolders make repositories from', async () => {
    await write({
      'templates/new/template.yaml':
        'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\n',
      'templates/new/skeleton/catalog-info.yaml': defined('never'),
      '{{cookiecutter.name}}/service.datadog.yaml': defined('never'),
      'skeleton/a.yaml': defined('a'),
      'other/catalog-info.yaml': `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: "\${{ values.name }}"}\n`,
      'other/service.datadog.yaml': 'dd-service: {{ name }}\n',
    });
    expect(await read('.')).toEqual({
      names: ['a'],
      errors: [],
      warnings: [
        `other/catalog-info.yaml:1: is a template named "\${{ values.name }}", to be filled in by a tool, and is skipped; so are 1 more`,
      ],
    });
  });

  it('may hold pipes and sockets, which are not waited for', async () => {
    await write({ 'a.yaml': defined('a') });
    execFileSync('mkfifo', [join(folder, 'catalog-info.yaml'), join(folder, 'pipe.json')]);
    await symlink(join(folder, 'pipe.json'), join(folder, 'link.yaml'));
    const server = createServer().listen(join(folder, 'socket.yaml'));
    try {
      expect(await read('.')).toEqual({ names: ['a'], errors: [], warnings: [] });
      expect((await read('pipe.json')).errors).toEqual(['pipe.json: is neither a file nor a folder']);
    } finally {
      server.close();
    }
  });

  it('of foreign JSON is not read further than its beginning', async () => {
    await write({ 'a.yaml': defined('a'), 'huge.json': '{"x": 1,' });
    await truncate(join(folder, 'huge.json'), 2_000_000_000);
    const started = performance.now();
    expect(await read('.')).toEqual({ names: ['a'], errors: [], warnings: [] });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('has an error where something that must be a definition cannot be opened', async () => {
    await write({ 'a.yaml': defined('a') });
    await symlink('catalog-info.yaml', join(folder, 'catalog-info.yaml'));
    await symlink('other.yaml', join(folder, 'other.yaml'));
    expect(await read('.')).toEqual({
      names: ['a'],
      errors: ['catalog-info.yaml: is a link that leads in circles'],
      warnings: [],
    });
  });
});

describe('a file that is named', () => {
  it.each<[string, string]>([
    ['a Helm chart', 'metadata:\n  name: {{ x }}\n'],
    ['a list', '["en"]'],
    ['lines of JSON', '{"a": 1}\n{"a": 2}\n'],
    ['nothing of ours', 'site_name: Docs\n'],
  ])('but is %s is one warning', async (_, text) => {
    await write({ 'x.yaml': text });
    const { errors, warnings } = await read('x.yaml');
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^x\.yaml(?::2)?: (has no catalog definition in it|is a template)/),
    ]);
  });

  it('is an error where it means to define something', async () => {
    await write({ 'x.yaml': 'schema-version: v2.2\nteam: t\n' });
    expect((await read('x.yaml')).errors).toEqual([expect.stringContaining('dd-service is missing')]);
  });
});

describe('standard input', () => {
  const input = (...parts: (string | Uint8Array)[]) => Readable.from(parts.map((part) => Buffer.from(part)));

  it('is what - stands for, beside files', async () => {
    await write({ 'a.yaml': defined('a') });
    const standardInput = input('schema-version: v2.2\ndd-', 'service: b\n');
    expect(await readWith({ standardInput }, '-', 'a.yaml')).toEqual({
      names: ['a', 'b'],
      errors: [],
      warnings: [],
    });
  });

  it('is bounded, and said to be what it is', async () => {
    const large = readWith({ standardInput: input(...Array(21).fill(' '.repeat(1_000_000))) }, '-');
    expect((await large).errors).toEqual(['standard input: is more than 20 MB']);
    expect((await readWith({ standardInput: input('schema-version: v2.2\nteam: t\n') }, '-')).errors).toEqual(
      [expect.stringMatching(/^standard input:1: dd-service is missing/)],
    );
    expect((await readWith({ standardInput: input('x: [') }, '-')).warnings).toEqual([
      'standard input: has no catalog definition in it and is passed over',
    ]);
  });
});

describe('an owner in a file of its own', () => {
  const api = (reference: string) =>
    `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: a}\nspec: {owner: {$text: ${reference}}}\n`;

  it.each<[string, string | undefined]>([
    ['./OWNER', 'payments'],
    ['../TEAM', 'platform'],
    ['./gone', undefined],
    ['.', undefined],
    ['../../outside', undefined],
    ['../../../../../../../../etc/hostname', undefined],
    ['https://example.com/OWNER', undefined],
  ])('%s', async (reference, team) => {
    await write({
      'repo/.git/HEAD': '',
      'repo/TEAM': 'group:platform\n',
      'repo/api/OWNER': ' payments \n',
      'repo/api/api.yaml': api(reference),
      outside: 'secret',
    });
    const result = await readCatalog([join(folder, 'repo')]);
    expect(result.entries).toEqual([expect.objectContaining(team ? { name: 'a', team } : { name: 'a' })]);
    expect(result.warnings).toHaveLength(team ? 0 : 1);
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe('one bad file does not hide the others', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['YAML that does not parse', 'dd-service: [\n', /^b\/catalog-info\.yaml:2: cannot be parsed/],
    [
      'a definition without a name',
      'schema-version: v2.2\nteam: x\n',
      /^b\/catalog-info\.yaml:1: dd-service is missing/,
    ],
    [
      'bytes that are no text',
      new Uint8Array([0x64, 0xff, 0xfe, 0x80]),
      /^b\/catalog-info\.yaml: is not UTF-8 text/,
    ],
  ])('%s', async (_, content, expected) => {
    await write({ 'a.yaml': defined('a'), 'b/catalog-info.yaml': content, 'c.yaml': defined('c') });
    const result = await read('.');
    expect(result.names).toEqual(['a', 'c']);
    expect(result.errors).toEqual([expect.stringMatching(expected)]);
  });

  it('a file of 50 MB', async () => {
    await write({ 'a.yaml': defined('a'), 'large.yaml': defined('large') });
    await truncate(join(folder, 'large.yaml'), 50_000_000);
    expect(await read('.')).toEqual({
      names: ['a'],
      errors: ['large.yaml: is 50 MB; a definition file may have up to 20 MB, so split it into several'],
      warnings: [],
    });
  });

  it('a link that leads nowhere and a path that does not exist', async () => {
    await write({ 'a.yaml': defined('a') });
    await symlink(join(folder, 'nowhere.yaml'), join(folder, 'catalog-info.yaml'));
    await symlink(join(folder, 'nowhere.yaml'), join(folder, 'foreign.yaml'));
    expect(await read('.', 'missing')).toEqual({
      names: ['a'],
      errors: ['catalog-info.yaml: does not exist', 'missing: does not exist'],
      warnings: [],
    });
  });
});

it('makes one entry of what two files say of a service, and knows both', async () => {
  await write({
    'catalog-info.yaml':
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: same}\nspec: {owner: t}\n',
    'service.datadog.yaml': defined('same'),
  });
  const { entries, merged, errors, warnings } = await readCatalog([folder]);
  expect([errors, warnings]).toEqual([[], []]);
  expect(entries).toEqual([
    expect.objectContaining({
      name: 'same',
      team: 't',
      origins: [
        { file: expect.stringMatching(/catalog-info\.yaml$/), format: 'backstage' },
        { file: expect.stringMatching(/service\.datadog\.yaml$/), format: 'datadog-v2.2' },
      ],
    }),
  ]);
  expect(merged).toHaveLength(1);
});

it('takes a named file whatever its name is', async () => {
  await write({ definitions: defined('a') });
  expect((await read('definitions')).names).toEqual(['a']);
});

describe('the sample catalog', () => {
  it('has every format and no error', async () => {
    const result = await readCatalog(['test/fixtures/catalog/valid']);
    expect(result.errors).toEqual([]);
    expect(new Set(result.entries.map(({ format }) => format))).toEqual(new Set(sourceFormats));
  });

  it('in its broken part has one error a file, and what is not broken is still read', async () => {
    const result = await readCatalog(['test/fixtures/catalog/broken']);
    expect(result.errors.map(({ file, line }) => [file.split('/').at(-1), line])).toEqual([
      ['no-name.yaml', 1],
      ['not-yaml.yaml', 4],
    ]);
    expect(result.warnings.map(({ file, line }) => [file.split('/').at(-1), line])).toEqual([
      ['twice-b.yaml', 2],
      ['wrong-url.yaml', 7],
    ]);
    expect(result.entries.map(({ name }) => name)).toContain('survivor');
  });
});
