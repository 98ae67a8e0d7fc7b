import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCatalog } from '../../../lib/adapters/catalog-files/read-catalog.ts';
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
  const result = await readCatalog(paths.map((path) => join(folder, path)));
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
      warnings: [
        'empty: has no .yaml, .yml or .json file that was not read already',
        'empty: no service or team is defined here',
      ],
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
});

describe('one bad file does not hide the others', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['YAML that does not parse', 'a: [\n', /^bad\.yaml:2: cannot be parsed/],
    ['a definition without a name', 'schema-version: v2.2\nteam: x\n', /^bad\.yaml:1: dd-service is missing/],
    ['bytes that are no text', new Uint8Array([0x64, 0xff, 0xfe, 0x80]), /^bad\.yaml: is not UTF-8 text/],
  ])('%s', async (_, content, expected) => {
    await write({ 'a.yaml': defined('a'), 'bad.yaml': content, 'c.yaml': defined('c') });
    const result = await read('.');
    expect(result.names).toEqual(['a', 'c']);
    expect(result.errors).toEqual([expect.stringMatching(expected)]);
  });

  it('a file of 50 MB', async () => {
    await write({ 'a.yaml': defined('a'), 'large.yaml': '' });
    await truncate(join(folder, 'large.yaml'), 50_000_000);
    expect(await read('.')).toEqual({
      names: ['a'],
      errors: ['large.yaml: is 50 MB; a definition file may have up to 20 MB, so split it into several'],
      warnings: [],
    });
  });

  it('a link that leads nowhere and a path that does not exist', async () => {
    await write({ 'a.yaml': defined('a') });
    await symlink(join(folder, 'nowhere.yaml'), join(folder, 'b.yaml'));
    expect(await read('.', 'missing')).toEqual({
      names: ['a'],
      errors: ['b.yaml: does not exist', 'missing: does not exist'],
      warnings: [],
    });
  });
});

it('finds definitions of one service in two files, and names both', async () => {
  await write({ 'a.yaml': defined('same'), 'b.yaml': `# again\n${defined('same')}` });
  expect((await read('.')).errors).toEqual([
    expect.stringMatching(
      /^b\.yaml:2: service "same" is defined twice; the other definition is in .*a\.yaml:1$/,
    ),
  ]);
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
      ['twice-b.yaml', 2],
      ['wrong-url.yaml', 7],
    ]);
    expect(result.entries.map(({ name }) => name)).toContain('survivor');
  });
});
