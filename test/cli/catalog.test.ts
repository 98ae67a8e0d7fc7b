import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { type OnDatabase, startOnDatabase } from './on-database.ts';
import { pdbridge } from './run-cli.ts';

const folder = temporaryFolder();
const file = (name: string, ...documents: string[]) => {
  writeFileSync(join(folder, name), documents.join('\n---\n'));
  return join(folder, name);
};
const service = (name: string, team: string) =>
  `apiVersion: v3\nkind: service\nmetadata: { name: ${name}, owner: ${team} }`;
const two = file('two.yaml', service('checkout-api', 'payments'), service('search', 'discovery'));
const changed = file('changed.yaml', service('checkout-api', 'checkout'), service('login', 'identity'));
const broken = file(
  'broken.yaml',
  service('a', 'b'),
  'apiVersion: v3\nkind: service\nmetadata: { owner: x }',
);
const empty = file('empty.yaml', '');

let on: OnDatabase;
beforeAll(async () => {
  on = await startOnDatabase();
});
afterAll(() => on.stop());

describe('pdbridge catalog validate', () => {
  it('says what valid files hold', async () => {
    const { code, out } = await pdbridge(['catalog', 'validate', two]);
    expect({ code, out }).toEqual({ code: 0, out: 'Valid: 2 definitions from 1 file.\n' });
  });

  it('names file, line and reason of each fault, and ends with 1', async () => {
    const { code, out } = await pdbridge(['catalog', 'validate', broken, two]);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^error: ${broken}:7: .*name`));
  });

  it('gives the faults to machines', async () => {
    const { code, json } = await pdbridge(['catalog', 'validate', broken, '--json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject({ valid: false, files: 1, errors: [{ file: broken, line: 7 }] });
  });

  it('needs a path', async () => {
    expect((await pdbridge(['catalog', 'validate'])).code).toBe(2);
  });
});

describe('pdbridge catalog push and ls', () => {
  it('shows with --dry-run what would change, and changes nothing', async () => {
    const { code, out, err } = await on.run('catalog', 'push', two, '--dry-run');
    expect(code).toBe(0);
    expect(err).toBe(`Target: ${on.endpoint}, tables test-*\n`);
    expect(out).toContain(
      '+ service checkout-api\n+ service search\n2 added, 0 changed, 0 removed, 0 unchanged\n',
    );
    expect((await on.run('catalog', 'ls')).out).toContain('0 entries from 0 sources');
  });

  it('makes the source equal to the files', async () => {
    expect((await on.run('catalog', 'push', two)).out).toContain(
      'Pushed 2 definitions from 1 file as source "default".',
    );
    expect((await on.run('catalog', 'push', two)).out).toContain('Source "default" is already like this.');
    const { out } = await on.run('catalog', 'push', changed);
    expect(out.split('\n').slice(0, 4)).toEqual([
      '+ service login',
      '~ service checkout-api: team payments → checkout',
      '- service search',
      '1 added, 1 changed, 1 removed, 0 unchanged',
    ]);
  });

  it('lists a source by name, in whatever order it was pushed', async () => {
    const names = ['zeta', 'alpha', 'mid'];
    const unsorted = file('unsorted.yaml', ...names.map((name) => service(name, 'payments')));
    expect((await on.run('catalog', 'push', unsorted)).code).toBe(0);
    const { sources } = (await on.run('catalog', 'ls', '--json')).json() as {
      sources: { entries: { name: string; type: string }[] }[];
    };
    const services = sources[0]?.entries.filter(({ type }) => type === 'service');
    expect(services?.map(({ name }) => name)).toEqual([...names].sort());
    await on.run('catalog', 'push', changed);
  });

  it('leaves other sources alone, and refuses what another one defines', async () => {
    const other = file('other.yaml', service('billing', 'payments'));
    expect((await on.run('catalog', 'push', other, '--source', 'acme/billing')).code).toBe(0);
    const { code, out, err } = await on.run('catalog', 'push', changed, '--source', 'acme/billing');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/"acme\/billing".*source "default"/s);
    const listed = (await on.run('catalog', 'ls')).out.split('\n');
    expect(
      listed
        .map((line) =>
          line
            .split(/ +/)
            .filter((cell) => cell !== '-')
            .slice(0, 4)
            .join(' '),
        )
        .slice(1, 4),
    ).toEqual([
      'billing service payments acme/billing',
      'checkout-api service checkout default',
      'login service identity default',
    ]);
  });

  it('pushes nothing when a file has a fault', async () => {
    const { code, err } = await on.run('catalog', 'push', broken);
    expect(code).toBe(1);
    expect(err).toContain('Nothing was pushed');
    expect((await on.run('catalog', 'ls', '--json')).out).toContain('login');
  });

  it('pushes nothing at all only when told so', async () => {
    expect(await on.run('catalog', 'push', empty)).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing to push'),
    });
    expect((await on.run('catalog', 'push', empty, '--allow-empty')).code).toBe(0);
    expect((await on.run('catalog', 'ls')).out).toContain('1 entry from 1 source');
  });

  it('gives machines the difference and the listing', async () => {
    expect((await on.run('catalog', 'push', two, '--json')).json()).toMatchObject({
      source: 'default',
      dry_run: false,
      added: [{ name: 'checkout-api' }, { name: 'search' }],
      removed: [],
    });
    expect((await on.run('catalog', 'ls', '--json')).json()).toMatchObject({
      sources: [
        { source: 'acme/billing' },
        { source: 'default', entries: [{ name: 'checkout-api' }, { name: 'search' }] },
      ],
    });
  });
});
