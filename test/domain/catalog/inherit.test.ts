import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { parseDefinitions } from '../../../lib/domain/catalog/parse-definitions.ts';

const entity = (kind: string, name: string, more = '', spec = '') =>
  `apiVersion: v3\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}${spec && `spec: ${spec}\n`}`;
const owner = (team: string) => `  owner: ${team}\n`;
const from = (reference: string) => `  inheritFrom: ${reference}\n`;

/** `name: team`, in the order of the file. */
function teams(...documents: string[]): string[] {
  const { definitions } = parseDefinitions('a.yaml', documents.join('---\n'));
  const team = (entry: CatalogEntry) => (entry.type === 'service' ? (entry.team ?? '-') : '');
  return definitions.map(({ entry }) => `${entry.name}: ${team(entry)}`);
}

describe('inheritFrom', () => {
  it.each<[string, string[], string[]]>([
    [
      'gives the owner',
      [entity('system', 's', owner('t')), entity('service', 'a', from('system:s'))],
      ['s: t', 'a: t'],
    ],
    [
      'gives it whatever comes first',
      [entity('service', 'a', from('system:default/S')), entity('system', 's', owner('t'))],
      ['a: t', 's: t'],
    ],
    [
      'leaves an owner that is there',
      [entity('system', 's', owner('t')), entity('service', 'a', from('system:s') + owner('own'))],
      ['s: t', 'a: own'],
    ],
    [
      'goes on from one to the next',
      [
        entity('service', 'a', from('service:b')),
        entity('service', 'b', from('system:s')),
        entity('system', 's', owner('t')),
      ],
      ['a: t', 'b: t', 's: t'],
    ],
    [
      'ends where it leads in a circle',
      [entity('service', 'a', from('service:b')), entity('service', 'b', from('service:a'))],
      ['a: -', 'b: -'],
    ],
    [
      'means the kind it names',
      [
        entity('api', 's', owner('other')),
        entity('system', 's', owner('t')),
        entity('service', 'a', from('system:s')),
      ],
      ['s: other', 's: t', 'a: t'],
    ],
  ])('%s', (_, documents, expected) => {
    expect(teams(...documents)).toEqual(expected);
  });

  it.each<[string, string[], string[]]>([
    [
      'of two',
      [entity('service', 'a', from('service:b')), entity('service', 'b', from('service:a') + owner('t'))],
      ['1: a → b → a'],
    ],
    ['of one', [entity('service', 'a', from('service:a') + owner('t'))], ['1: a → a']],
    [
      'that another leads to',
      [
        entity('service', 'c', from('service:b')),
        entity('service', 'a', from('service:b')),
        entity('service', 'b', from('service:a')),
      ],
      ['13: b → a → b'],
    ],
    [
      'that is none',
      [
        entity('service', 'a', from('system:s')),
        entity('service', 'b', from('service:a')),
        entity('system', 's', owner('t')),
      ],
      [],
    ],
  ])('in a circle %s is a warning, once', (_, documents, circles) => {
    const { findings } = parseDefinitions('a.yaml', documents.join('---\n'));
    expect(findings.map(({ severity }) => severity)).toEqual(circles.map(() => 'warning'));
    expect(
      findings.map(({ line, reason }) => `${line}: ${/in a circle \((.*?)\)/.exec(reason)?.[1]}`),
    ).toEqual(circles);
  });

  it('that leads nowhere is a warning', () => {
    const { definitions, findings } = parseDefinitions('a.yaml', entity('service', 'a', from('system:gone')));
    expect(definitions).toHaveLength(1);
    expect(findings).toEqual([
      {
        severity: 'warning',
        file: 'a.yaml',
        line: 1,
        reason: expect.stringContaining('"system:gone", which is not defined in this file'),
      },
    ]);
  });

  it('never gives integrations', () => {
    const url = 'https://acme.pagerduty.com/service-directory/PSYS001';
    const system = `${entity('system', 's', owner('t'))}integrations: {pagerduty: {serviceURL: "${url}"}}\n`;
    const { definitions } = parseDefinitions(
      'a.yaml',
      `${system}---\n${entity('service', 'a', from('system:s'))}`,
    );
    expect(definitions.map(({ entry }) => entry.type === 'service' && entry.pagerduty?.id)).toEqual([
      'PSYS001',
      undefined,
    ]);
  });

  it('gives additional owners', () => {
    const system = entity('system', 's', `${owner('t')}  additionalOwners: [{name: ops}]\n`);
    const { definitions } = parseDefinitions(
      'a.yaml',
      `${system}---\n${entity('service', 'a', from('system:s'))}`,
    );
    expect(definitions[1]?.entry).toMatchObject({ name: 'a', team: 't', otherTeams: ['ops'] });
  });
});

describe('the one system of a file', () => {
  const system = (spec?: string) => entity('system', 's', owner('t'), spec);
  it.each<[string, string[], string[]]>([
    [
      'gives its owner to the components it names',
      [system('{components: ["service:a"]}'), entity('service', 'a'), entity('service', 'b')],
      ['s: t', 'a: t', 'b: -'],
    ],
    [
      'gives its owner to those that name it',
      [system(), entity('queue', 'q', '', '{componentOf: ["system:s"]}'), entity('service', 'b')],
      ['s: t', 'q: t', 'b: -'],
    ],
    [
      'gives its owner to all, where nobody names anybody',
      [system(), entity('service', 'a'), entity('datastore', 'd'), entity('api', 'x')],
      ['s: t', 'a: t', 'd: t', 'x: -'],
    ],
    ['leaves an owner that is there', [system(), entity('service', 'a', owner('own'))], ['s: t', 'a: own']],
    [
      'gives nothing where there is a second system',
      [system(), entity('system', 's2', owner('u')), entity('service', 'a')],
      ['s: t', 's2: u', 'a: -'],
    ],
    [
      'gives nothing where something says inheritFrom',
      [system(), entity('service', 'a'), entity('service', 'b', from('system:s'))],
      ['s: t', 'a: -', 'b: t'],
    ],
  ])('%s', (_, documents, expected) => {
    expect(teams(...documents)).toEqual(expected);
  });

  it('gives nothing to what only stands beside it in an export', () => {
    const item = (kind: string, name: string, more: object) => ({
      apiVersion: 'v3',
      kind,
      metadata: { name, ...more },
    });
    const items = [item('system', 's', { owner: 't' }), item('service', 'a', {})];
    const included = items.map((schema) => ({ type: 'schema', attributes: { schema } }));
    const { definitions } = parseDefinitions('a.json', JSON.stringify({ data: [], included }));
    expect(definitions.map(({ entry }) => entry.type === 'service' && entry.team)).toEqual(['t', undefined]);
  });
});
