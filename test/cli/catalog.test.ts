import { mkdirSync, writeFileSync } from 'node:fs';
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
    expect(out).toMatch(/\n1 fault\. What has none can be pushed: 3 definitions from 2 files\.\n$/);
  });

  it('says that nothing is left where nothing can be read', async () => {
    const { code, out } = await pdbridge(['catalog', 'validate', 'no-such-folder']);
    expect({ code, out }).toEqual({
      code: 1,
      out: 'error: no-such-folder: does not exist\n1 fault. There is nothing else to push.\n',
    });
  });

  it.each([
    ['a file of something else', ['foreign.yaml'], 'hello: world'],
    ['a file that no reader makes sense of', ['noise.yaml'], '\u0000\u0001 [{: noise'],
    ['an empty file', ['blank.yaml'], ''],
    ['a template', ['template.yaml'], service('"{{ name }}"', 'web')],
  ])('ends with 1 where nothing is defined: %s', async (_, [name = ''], text) => {
    const path = file(name, text);
    const { code, out, err } = await pdbridge(['catalog', 'validate', path]);
    expect([code, out]).toEqual([1, expect.stringMatching(/^warning: /)]);
    expect(err).toBe(`Nothing is valid in ${path}: no service or team is defined there.\n`);
    const { json } = await pdbridge(['catalog', 'validate', path, '--json']);
    expect(json()).toMatchObject({ valid: false, errors: [], services: 0, teams: 0 });
    expect((await pdbridge(['catalog', 'validate', path, two])).code).toBe(0);
  });

  it('says which --exclude leaves out nothing', async () => {
    const { code, out } = await pdbridge([
      ...['catalog', 'validate', folder, two, '--exclude', 'broken.yaml', '--exclude', 'nohting-*.yaml'],
    ]);
    expect(code).toBe(0);
    expect(out).toContain(': --exclude "nohting-*.yaml" fits nothing here\n');
    expect(out).not.toContain('"broken.yaml" fits');
  });

  it('gives the faults to machines', async () => {
    const { code, json } = await pdbridge(['catalog', 'validate', broken, '--json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject({ valid: false, files: 1, errors: [{ file: broken, line: 7 }] });
  });

  it('reads standard input', async () => {
    const { code, out } = await pdbridge(['catalog', 'validate', '-'], { input: service('a', 'b') });
    expect({ code, out }).toEqual({ code: 0, out: 'Valid: 1 definition from 1 file.\n' });
  });

  it('says what is merged, what contradicts, and with --verbose what is passed over', async () => {
    const inFolder = (name: string, text: string) => file(join('twice', name), text);
    mkdirSync(join(folder, 'twice'));
    inFolder('values.yaml', 'replicas: 2\n');
    inFolder(
      'catalog-info.yaml',
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {owner: x}',
    );
    inFolder('service.datadog.yaml', 'schema-version: v2.2\ndd-service: a\nteam: y');
    const { code, out } = await pdbridge(['catalog', 'validate', join(folder, 'twice'), '--verbose']);
    expect({ code, out: out.replaceAll(`${folder}/`, '') }).toEqual({
      code: 0,
      out: [
        'warning: twice/service.datadog.yaml:1: service "a" has team "y" here and "x" in twice/catalog-info.yaml:1; this one holds, for it comes later',
        'merged: service "a" from twice/catalog-info.yaml:1 and twice/service.datadog.yaml:1',
        'passed over: twice/values.yaml: has no definition in it',
        'Valid: 2 definitions of 1 entry from 2 files.\n',
      ].join('\n'),
    });
    const strict = await pdbridge(['catalog', 'validate', join(folder, 'twice'), '--strict']);
    expect(strict.code).toBe(1);
    expect(strict.out).toContain('error: ');
    expect(strict.out).toContain('1 fault. Nothing is pushed with --strict.\n');
    const excluded = await pdbridge(['catalog', 'validate', join(folder, 'twice'), '--exclude', 'service.*']);
    expect(excluded.out).toBe('Valid: 1 definition from 1 file.\n');
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

  it('leaves other sources alone, and refuses what contradicts them when strict', async () => {
    const other = file('other.yaml', service('billing', 'payments'));
    expect((await on.run('catalog', 'push', other, '--source', 'acme/billing')).code).toBe(0);
    const { code, err } = await on.run('catalog', 'push', two, '--source', 'acme/billing', '--strict');
    expect(code).toBe(1);
    expect(err).toContain(
      'service "checkout-api" has team "checkout" in source "default" and "payments" in source "acme/billing"; "default" holds, for it comes later by name',
    );
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

  it('takes what can be read, keeps what was pushed of what cannot, and ends with 1', async () => {
    const first = file(
      'mixed.yaml',
      service('kept', 'payments'),
      service('steady', 'payments'),
      service('old', 'x'),
    );
    expect((await on.run('catalog', 'push', first, '--source', 'mixed')).code).toBe(0);
    const mixed = file(
      'mixed.yaml',
      'apiVersion: v3\nkind: service\nmetadata: { name: kept, owner: 1 }',
      service('steady', 'search'),
      service('new', 'search'),
    );
    const { code, out, err } = await on.run('catalog', 'push', mixed, '--source', 'mixed');
    const today = new Date().toISOString().slice(0, 10);
    expect(out.replaceAll(mixed, 'mixed.yaml').split('\n')).toEqual([
      'error: mixed.yaml:3: metadata.owner must be text, but is a number 1; put it in quotes (Datadog entity definition v3)',
      `kept service kept, from ${today}`,
      '+ service new',
      '~ service steady: team payments → search',
      '- service old',
      '1 added, 1 changed, 1 removed, 1 unchanged',
      'Pushed 2 definitions from 1 file as source "mixed". Held incidents that match now go out with the next sweep.',
      '',
    ]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `Target: ${on.endpoint}, tables test-*\n1 fault in the definitions, listed above: what has them was left as it was.\n`,
    });
    await on.run('catalog', 'push', empty, '--source', 'mixed', '--allow-empty');
  });

  it('says what goes on elsewhere of what is removed here', async () => {
    const [here, there] = [
      file('here.yaml', service('both', 'payments')),
      file('there.yaml', service('both', 'payments')),
    ];
    await on.run('catalog', 'push', here, '--source', 'here');
    await on.run('catalog', 'push', there, '--source', 'there');
    expect((await on.run('catalog', 'ls')).out).toMatch(
      /^both +service +payments +- +here, there +datadog-v3$/m,
    );
    expect((await on.run('catalog', 'push', empty, '--source', 'here', '--allow-empty')).out).toContain(
      '- service both (source "there" still defines it)\n',
    );
    await on.run('catalog', 'push', empty, '--source', 'there', '--allow-empty');
  });

  it('shows namespaces where there are other ones than the usual', async () => {
    const entity = (kind: string, name: string, namespace: string, spec: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: ${spec}`;
    const groups = file(
      'groups.yaml',
      entity('Group', 'backend', 'payments', '{type: team}'),
      entity('Group', 'backend', 'search', '{type: team}'),
      entity('Component', 'finder', 'search', '{owner: backend}'),
    );
    await on.run('catalog', 'push', groups, '--source', 'groups');
    const { out } = await on.run('catalog', 'ls');
    expect(out).toMatch(/^NAME +NAMESPACE +KIND/);
    expect(out).toMatch(/^finder +search +service +search\/backend/m);
    expect(out).toMatch(/^payments\/backend +payments +team/m);
    const removed = await on.run('catalog', 'push', empty, '--source', 'groups', '--allow-empty');
    expect(removed.out).toContain('- team backend (namespace payments)\n');
  });

  it('pushes nothing when a file has a fault and it is to be strict', async () => {
    const { code, err } = await on.run('catalog', 'push', broken, '--strict');
    expect(code).toBe(1);
    expect(err).toBe('Nothing was pushed: the definitions have faults, which --strict does not allow.\n');
    expect((await on.run('catalog', 'ls', '--json')).out).toContain('login');
  });

  it('pushes nothing when nothing can be read', async () => {
    const { code, err } = await on.run('catalog', 'push', join(folder, 'gone'), '--source', 'gone');
    expect(code).toBe(1);
    expect(err).toContain('Nothing was pushed: no definition could be read.\n');
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
