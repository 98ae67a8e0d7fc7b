import { showFinding } from '../../../lib/domain/catalog/definition.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { formats } from '../../../lib/domain/catalog/formats.ts';
import { parseDefinitions } from '../../../lib/domain/catalog/parse-definitions.ts';
import { service, team } from '../../support/catalog-entries.ts';

const url = 'https://acme.pagerduty.com/service-directory/PF9KMXH';

function entries(text: string): CatalogEntry[] {
  const { definitions, findings } = parseDefinitions('a.yaml', text);
  expect(findings.map(showFinding)).toEqual([]);
  return definitions.map(({ entry }) => entry);
}

const nothing = { definitions: [], findings: [], unread: [], templates: [] };
const problems = (text: string) => parseDefinitions('a.yaml', text).findings.map(showFinding);

describe('Datadog v1', () => {
  const v1 = { format: 'datadog-v1' } as const;
  it.each<[string, string, CatalogEntry]>([
    [
      'name, team, display name and URL',
      `schema-version: v1\ninfo: {dd-service: pay, display-name: Pay}\norg: {team: payments}\nintegrations: {pagerduty: "${url}"}`,
      service('pay', { ...v1, team: 'payments', displayName: 'Pay', pagerduty: url }),
    ],
    ['a missing version', 'info:\n  dd-service: pay\n', service('pay', v1)],
    [
      'blank parts',
      'schema-version: v1\ninfo: {dd-service: pay}\norg:\nintegrations:\n  pagerduty: ""',
      service('pay', v1),
    ],
  ])('reads %s', (_, text, expected) => expect(entries(text)).toEqual([expected]));
});

describe('Datadog v2', () => {
  const v2 = { format: 'datadog-v2' } as const;
  it.each<[string, string, CatalogEntry]>([
    [
      'a URL',
      `schema-version: v2\ndd-service: pay\nteam: payments\nintegrations: {pagerduty: "${url}"}`,
      service('pay', { ...v2, team: 'payments', pagerduty: url }),
    ],
    [
      'a URL without scheme and with a slash',
      'schema-version: v2\ndd-service: pay\nintegrations: {pagerduty: acme.pagerduty.com/service-directory/PF9KMXH/}',
      service('pay', { ...v2, pagerduty: url }),
    ],
    [
      'a team handle',
      'schema-version: v2\ndd-service: pay\ndd-team: pay-crew',
      service('pay', { ...v2, team: 'pay-crew' }),
    ],
    [
      'a team and its handle',
      'schema-version: v2\ndd-service: pay\nteam: Pay Crew\ndd-team: pay-crew',
      service('pay', { ...v2, team: 'Pay Crew', otherTeams: ['pay-crew'], teamHandle: 'pay-crew' }),
    ],
    ['a version in other spelling', 'schema-version: 2\ndd-service: pay', service('pay', v2)],
  ])('reads %s', (_, text, expected) => expect(entries(text)).toEqual([expected]));
});

describe.each(['v2.1', 'v2.2'] as const)('Datadog %s', (version) => {
  const format = { format: `datadog-${version}` } as const;
  it.each<[string, string, CatalogEntry]>([
    [
      'a service URL',
      `dd-service: pay\nteam: payments\nintegrations:\n  pagerduty:\n    service-url: ${url}`,
      service('pay', { ...format, team: 'payments', pagerduty: url }),
    ],
    ['no team', 'dd-service: pay', service('pay', format)],
    [
      'an empty team and integration',
      'dd-service: pay\nteam:\nintegrations:\n  pagerduty:',
      service('pay', format),
    ],
  ])('reads %s', (_, text, expected) =>
    expect(entries(`schema-version: ${version}\n${text}`)).toEqual([expected]),
  );
});

describe('Datadog v3', () => {
  const v3 = { format: 'datadog-v3' } as const;
  it.each(['service', 'application', 'datastore', 'queue', 'system', 'api', 'library', 'Mainframe'])(
    'reads kind %s',
    (kind) => {
      expect(entries(`apiVersion: v3\nkind: ${kind}\nmetadata: {name: pay, owner: payments}`)).toEqual([
        service('pay', { ...v3, kind: kind.toLowerCase(), team: 'payments' }),
      ]);
    },
  );

  it('reads namespace, display name, additional owners and the service URL', () => {
    const text = `apiVersion: v3
kind: service
metadata:
  name: pay
  namespace: eu
  displayName: Pay
  owner: payments
  additionalOwners: [{name: ops, type: operator}, {name: payments}, {name: ops}, {type: x}]
integrations: {pagerduty: {serviceURL: "${url}"}}`;
    expect(entries(text)).toEqual([
      service('pay', {
        ...v3,
        namespace: 'eu',
        displayName: 'Pay',
        team: 'payments',
        otherTeams: ['ops'],
        pagerduty: url,
      }),
    ]);
  });

  it('takes no additional owner for the owner', () => {
    expect(
      entries('apiVersion: v3\nkind: service\nmetadata: {name: pay, additionalOwners: [{name: ops}]}'),
    ).toEqual([service('pay', { ...v3, otherTeams: ['ops'] })]);
  });
});

describe('Backstage', () => {
  const entity = (kind: string, rest: string) => `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\n${rest}`;
  const backstage = { format: 'backstage' } as const;

  it.each([
    ['Component', 'service'],
    ['API', 'api'],
    ['Resource', 'resource'],
    ['System', 'system'],
  ])('reads kind %s', (kind, expected) => {
    const text = entity(
      kind,
      'metadata:\n  name: pay\n  annotations: {pagerduty.com/service-id: PF9KMXH}\nspec: {owner: payments}',
    );
    expect(entries(text)).toEqual([
      service('pay', { ...backstage, kind: expected, team: 'payments', pagerduty: 'PF9KMXH' }),
    ]);
  });

  it.each([
    ['payments', 'payments'],
    ['group:payments', 'payments'],
    ['group:default/payments', 'payments'],
  ])('reads the owner %s as team %s', (owner, expected) => {
    expect(entries(entity('Component', `metadata: {name: pay}\nspec: {owner: "${owner}"}`))).toEqual([
      service('pay', { ...backstage, team: expected }),
    ]);
  });

  it.each(['Group:finance/payments', 'finance/payments', 'GROUP:Finance/payments'])(
    'reads the owner %s as team payments of namespace finance',
    (owner) => {
      expect(entries(entity('Component', `metadata: {name: pay}\nspec: {owner: "${owner}"}`))).toEqual([
        service('pay', { ...backstage, team: 'payments', teamNamespace: 'finance' }),
      ]);
    },
  );

  it('takes an owner without a namespace for one of the entity’s own', () => {
    const owned = (owner: string) =>
      entries(entity('Component', `metadata: {name: pay, namespace: EU}\nspec: {owner: "${owner}"}`));
    expect(owned('payments')).toEqual([
      service('pay', { ...backstage, namespace: 'eu', team: 'payments', teamNamespace: 'eu' }),
    ]);
    expect(owned('group:default/payments')).toEqual([
      service('pay', { ...backstage, namespace: 'eu', team: 'payments' }),
    ]);
  });

  it('takes the owner that the catalog has resolved before the one that is written', () => {
    const relations =
      '[{type: partOf, targetRef: x}, {type: ownedBy, targetRef: "group:default/resolved"}, 3]';
    const text = entity(
      'Component',
      `metadata: {name: pay}\nspec: {owner: written}\nrelations: ${relations}`,
    );
    expect(entries(text)).toEqual([service('pay', { ...backstage, team: 'resolved' })]);
  });

  it('reads the name in Datadog as that, and as an alias', () => {
    const annotated = (name: string) =>
      entries(
        entity('Component', `metadata: {name: pay, annotations: {datadoghq.com/service-name: ${name}}}`),
      );
    expect(annotated('pay-svc')).toEqual([
      service('pay', { ...backstage, aliases: ['pay-svc'], datadogName: 'pay-svc' }),
    ]);
    expect(annotated('pay')).toEqual([service('pay', backstage)]);
  });

  it.each<[string, (reference: string) => string | undefined, string | undefined]>([
    [
      'a file beside it',
      (reference) => (reference === './OWNER' ? 'group:payments\n' : undefined),
      'payments',
    ],
    ['a file that is not there', () => undefined, undefined],
    ['a file that is a book', () => 'x'.repeat(301), undefined],
  ])('reads an owner from %s', (_, readText, team) => {
    const text = entity('API', 'metadata: {name: pay}\nspec: {owner: {$text: ./OWNER}}');
    const { definitions, findings } = parseDefinitions('a.yaml', text, readText);
    expect(definitions.map(({ entry }) => entry)).toEqual([
      service('pay', { ...backstage, kind: 'api', ...(team && { team }) }),
    ]);
    expect(findings.map(({ severity, reason }) => `${severity} ${reason}`)).toEqual(
      team ? [] : [expect.stringMatching(/^warning spec\.owner is to be read from "\.\/OWNER"/)],
    );
  });

  it.each(['user:default/jane', 'User:jane', 'group:', 'a/b/c'])(
    'warns that owner %s is no team',
    (owner) => {
      const { definitions, findings } = parseDefinitions(
        'a.yaml',
        entity('Component', `metadata: {name: pay}\nspec:\n  owner: "${owner}"`),
      );
      expect(definitions.map(({ entry }) => entry)).toEqual([service('pay', backstage)]);
      expect(findings).toEqual([
        {
          severity: 'warning',
          file: 'a.yaml',
          line: 5,
          reason: expect.stringContaining(`"${owner}" is not a group`),
        },
      ]);
    },
  );

  it('reads a group with its display name', () => {
    expect(
      entries(entity('Group', 'metadata: {name: payments}\nspec: {profile: {displayName: Payments Crew}}')),
    ).toEqual([team('payments', { aliases: ['Payments Crew'] })]);
    expect(entries(entity('Group', 'metadata: {name: payments, namespace: eu}'))).toEqual([
      team('payments', { namespace: 'eu' }),
    ]);
  });

  it('reads namespace and title, and a URL where an id belongs', () => {
    const text = entity(
      'Component',
      `metadata: {name: pay, namespace: eu, title: Pay, annotations: {pagerduty.com/service-id: "${url}"}}`,
    );
    expect(entries(text)).toEqual([
      service('pay', { ...backstage, namespace: 'eu', displayName: 'Pay', pagerduty: url }),
    ]);
  });

  it.each(['User', 'Location', 'Domain', 'Template'])('has nothing to read in kind %s', (kind) => {
    expect(entries(entity(kind, 'metadata: {name: x}'))).toEqual([]);
  });
});

describe('a file', () => {
  it('may hold several documents, of several formats', () => {
    const { definitions } = parseDefinitions(
      'a.yaml',
      '# services\n---\nschema-version: v2.2\ndd-service: a\n---\n---\napiVersion: v3\nkind: api\nmetadata:\n  name: b\n...\n',
    );
    expect(definitions.map(({ entry, line }) => [entry.name, line])).toEqual([
      ['a', 3],
      ['b', 7],
    ]);
  });

  it('may be JSON, with tabs, with a list, with a byte order mark', () => {
    const json =
      '\ufeff[\n\t{\n\t\t"schema-version": "v2.2", "dd-service": "a\\u00e9"\n\t},\n\t{"apiVersion": "v3", "kind": "api", "metadata": {"name": "b"}}\n]\n';
    const { definitions, findings } = parseDefinitions('a.json', json);
    expect(findings).toEqual([]);
    expect(definitions.map(({ entry, line }) => [entry.name, line])).toEqual([
      ['aé', 2],
      ['b', 5],
    ]);
  });

  it.each(['', '\n\n', '# nothing yet\n', '---\n---\n', 'null\n'])('may be empty: %j', (text) => {
    expect(parseDefinitions('a.yaml', text)).toEqual(nothing);
  });

  it('may use anchors, merges and Windows line ends', () => {
    expect(
      entries('x-team: &team\r\n  team: payments\r\nschema-version: v2.2\r\n<<: *team\r\ndd-service: a\r\n'),
    ).toEqual([service('a', { format: 'datadog-v2.2', team: 'payments' })]);
  });
});

describe('a fault names line and reason', () => {
  it.each([
    ['YAML that does not parse', 'a: 1\nb: "x\n', /^a\.yaml:3: cannot be parsed: Missing closing "quote/],
    ['tabs', 'a:\n\tb: 1\n', /^a\.yaml:2: cannot be parsed: Tabs/],
    [
      'a key twice',
      'schema-version: v2.2\ndd-service: a\ndd-service: b\n',
      /^a\.yaml:3: cannot be parsed: Map keys must be unique/,
    ],
    ['JSON that does not parse', '{\n  "a": [1,\n}\n', /^a\.yaml:3: cannot be parsed/],
    ['an unknown anchor', 'a: *nobody\n', /^a\.yaml:1: cannot be parsed: Unresolved alias/],
    [
      'an alias bomb',
      [
        'a: &a [x,x,x,x,x,x]',
        ...'bcdefghi'
          .split('')
          .map((key, index) => `${key}: &${key} [${Array(6).fill(`*${'abcdefghi'[index]}`).join(',')}]`),
      ].join('\n'),
      /^a\.yaml:1: cannot be parsed: Excessive alias count/,
    ],
    [
      'a mapping that contains itself',
      'schema-version: v2.2\ndd-service: a\nmore: &more {deep: {<<: *more}}\n',
      /^a\.yaml:1: cannot be parsed: /,
    ],
    ['nesting without end', `a: ${'['.repeat(20_000)}`, /^a\.yaml:1: cannot be parsed: is nested too deeply/],
    [
      'a list in a list without end',
      `a:\n${'- '.repeat(600)}`,
      /^a\.yaml:1: cannot be parsed: is nested too deeply/,
    ],
    ['too many documents', '---\n'.repeat(10_001), /^a\.yaml:1: cannot be parsed: has 10001 documents/],
    [
      'too much YAML',
      `- dd-service: a\n${'- {}\n'.repeat(1_000_000)}`,
      /^a\.yaml:1: cannot be parsed: has 5 million characters; YAML may have up to 2 million/,
    ],
    [
      'v1 without a name',
      'schema-version: v1\ninfo:\n  display-name: x\n',
      /^a\.yaml:2: info\.dd-service is missing \(Datadog service definition v1\)/,
    ],
    ['v2 without a name', 'schema-version: v2\nteam: x\n', /^a\.yaml:1: dd-service is missing/],
    [
      'v2.2 with an empty name',
      'schema-version: v2.2\nteam: x\ndd-service: ""\n',
      /^a\.yaml:3: dd-service is empty/,
    ],
    ['v2.2 with a null name', 'schema-version: v2.2\ndd-service:\n', /^a\.yaml:2: dd-service is empty/],
    ['v3 without metadata', 'apiVersion: v3\nkind: service\n', /^a\.yaml:1: metadata is missing/],
    [
      'v3 without a name',
      'apiVersion: v3\nkind: service\nmetadata:\n  owner: x\n',
      /^a\.yaml:3: metadata\.name is missing/,
    ],
    ['v3 without a kind', 'apiVersion: v3\nmetadata:\n  name: x\n', /kind is missing/],
    [
      'Backstage without a name',
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {}\n',
      /^a\.yaml:3: metadata\.name is missing/,
    ],
    [
      'Backstage without a kind',
      'apiVersion: backstage.io/v1alpha1\nmetadata: {name: x}\n',
      /kind is missing/,
    ],
    [
      'a group without a name',
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {}\n',
      /metadata\.name is missing/,
    ],
    [
      'a number for a name',
      'schema-version: v2.2\ndd-service: 42\n',
      /^a\.yaml:2: dd-service must be text, but is a number 42; put it in quotes/,
    ],
    [
      'a mapping for a team',
      'schema-version: v2.2\ndd-service: a\nteam: {name: x}\n',
      /^a\.yaml:3: team must be text, but is a mapping/,
    ],
    [
      'a name that is too long',
      `schema-version: v2.2\ndd-service: ${'x'.repeat(301)}\n`,
      /^a\.yaml:2: dd-service is longer than 300 characters/,
    ],
    [
      'a team that is too long',
      `schema-version: v2.2\ndd-service: a\nteam: ${'x'.repeat(301)}\n`,
      /^a\.yaml:3: team is longer than 300 characters/,
    ],
    [
      'a mapping where v2 has a URL',
      `schema-version: v2\ndd-service: a\nintegrations:\n  pagerduty: {service-url: "${url}"}\n`,
      /^a\.yaml:4: integrations\.pagerduty is a URL in v2/,
    ],
    [
      'a URL where v2.2 has a mapping',
      `schema-version: v2.2\ndd-service: a\nintegrations:\n  pagerduty: ${url}\n`,
      /^a\.yaml:4: integrations\.pagerduty must be a mapping/,
    ],
    [
      "v3's spelling in v2.2",
      `schema-version: v2.2\ndd-service: a\nintegrations:\n  pagerduty:\n    serviceURL: ${url}\n`,
      /^a\.yaml:4: integrations\.pagerduty has another spelling of service-url/,
    ],
    [
      "v2.2's spelling in v3",
      `apiVersion: v3\nkind: service\nmetadata: {name: a}\nintegrations:\n  pagerduty:\n    service-url: ${url}\n`,
      /^a\.yaml:5: integrations\.pagerduty has another spelling of serviceURL/,
    ],
    [
      'an unknown schema version',
      'schema-version: v9\ndd-service: a\n',
      /^a\.yaml:1: schema-version "v9" is not known; known are Datadog v1, v2/,
    ],
    [
      'a missing schema version',
      'team: x\ndd-service: a\n',
      /^a\.yaml:2: schema-version is missing; add "schema-version: v2\.2"/,
    ],
    [
      'an unknown API version',
      'apiVersion: v4\nkind: service\nmetadata: {name: a}\n',
      /^a\.yaml:1: apiVersion "v4" is not known/,
    ],
    ['a missing API version', 'kind: service\nmetadata: {name: a}\n', /^a\.yaml:1: apiVersion is missing/],
  ])('%s', (_, text, expected) => {
    const [first, ...others] = problems(text);
    expect(first).toMatch(expected);
    expect(others).toEqual([]);
    expect(parseDefinitions('a.yaml', text).findings[0]?.severity).toBe('error');
  });

  it('for every fault of a document', () => {
    expect(
      problems('schema-version: v2.2\nteam: 1\nintegrations: {pagerduty: {service-url: 3}}\n'),
    ).toHaveLength(3);
  });

  it('without hiding the documents before and after it', () => {
    const text =
      'schema-version: v2.2\ndd-service: a\n---\nschema-version: v2.2\ndd-service: [\n---\nschema-version: v2.2\ndd-service: b\n';
    const { definitions, findings } = parseDefinitions('a.yaml', text);
    expect(definitions.map(({ entry }) => entry.name)).toEqual(['a', 'b']);
    expect(findings).toHaveLength(1);
  });
});

describe('a document that is no definition', () => {
  it.each([
    ['of Kubernetes', 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n'],
    ['of Kubernetes in a group', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n'],
    ['of Helm', 'apiVersion: v2\nname: chart\n'],
    ['of npm', '{"name": "x", "version": "1.0.0"}'],
    ['of another of Datadog’s tools', 'schema-version: v1\nrulesets: [java-best-practices]\n'],
    ['that is text', 'just words\n'],
    ['that is a list of texts', '- one\n'],
  ])('%s is a note for those who ask', (_, text) => {
    expect(parseDefinitions('a.yaml', text)).toEqual({
      ...nothing,
      findings: [{ severity: 'note', file: 'a.yaml', line: 1, reason: expect.stringMatching(/^is not a/) }],
    });
  });
});

describe('a template is counted, and nothing else is said of it', () => {
  it.each([
    ['a name in braces', `schema-version: v2.2\ndd-service: \${{ values.name }}\n`, `\${{ values.name }}`],
    ['a name in angle brackets', 'schema-version: v2.2\ndd-service: <your-service>\n', '<your-service>'],
    ['a variable for a name', 'apiVersion: v3\nkind: service\nmetadata: {name: $NAME}\n', '$NAME'],
    ['no YAML before it is filled in', 'dd-service: {{ .Values.name }}\n', undefined],
  ])('%s', (_, text, name) => {
    expect(parseDefinitions('a.yaml', text)).toEqual({
      ...nothing,
      templates: [expect.objectContaining({ file: 'a.yaml', ...(name && { name }) })],
    });
  });
});

describe('what a fault leaves open', () => {
  it.each([
    [
      'a definition whose name can be read',
      'schema-version: v2.2\ndd-service: A\nteam: 1\n',
      'service:default/a',
    ],
    ['a definition without a name', 'schema-version: v2.2\nteam: x\n', undefined],
    ['YAML that does not parse', 'a: [\n', undefined],
  ])('%s', (_, text, identity) => {
    expect(parseDefinitions('a.yaml', text).unread).toEqual([
      { file: 'a.yaml', ...(identity && { identity }) },
    ]);
  });
});

describe('lists that programs write', () => {
  const backstage =
    '{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"a"},"spec":{"owner":"t"}}';
  const found = service('a', { format: 'backstage', team: 't' });
  it.each<[string, string, CatalogEntry]>([
    ['of Kubernetes', `apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n- ${backstage}\n`, found],
    ['of Backstage’s API', `{"items":[${backstage}],"totalItems":1,"pageInfo":{}}`, found],
    ['of Backstage’s older API', `[${backstage}]`, found],
    [
      'of Datadog’s service definitions',
      '{"data":[{"type":"service-definition","attributes":{"meta":{},"schema":{"schema-version":"v2.1","dd-service":"j","team":"t"}}}]}',
      service('j', { format: 'datadog-v2.1', team: 't' }),
    ],
    [
      'of Datadog’s entities',
      '{"data":[{"id":"1","attributes":{"apiVersion":"v3","kind":"service"}}],"included":[{"id":"1","type":"schema","attributes":{"schema":{"apiVersion":"v3","kind":"service","metadata":{"name":"e","owner":"t"}}}}]}',
      service('e', { format: 'datadog-v3', team: 't' }),
    ],
  ])('%s are read', (_, text, expected) => {
    expect(entries(text)).toEqual([expected]);
  });

  it('of twenty megabytes are read as JSON, with the lines of their entries', () => {
    const padding = 'x'.repeat(200);
    const items = Array.from(
      { length: 50_000 },
      (_, at) => `{"schema-version":"v2.2",\n"dd-service":"s${at}","team":"t","x":["]}\\"${padding}", {}]}`,
    );
    const { definitions, findings } = parseDefinitions(
      'a.json',
      `{"more": {"a": [1]},\n"items":[\n${items.join(',\n')}\n]}`,
    );
    expect(findings).toEqual([]);
    expect(definitions).toHaveLength(50_000);
    for (const at of [0, 1, 2, 49_999]) {
      expect(definitions[at]).toMatchObject({ entry: { name: `s${at}` }, line: 3 + 2 * at });
    }
  });
});

it('no document is recognized by two formats', () => {
  const versions = [undefined, 'v1', 'v2', 'v2.0', 'v2.1', 'v2.2', 2, 2.1, 'v3'];
  const apiVersions = [undefined, 'v3', 'backstage.io/v1alpha1', 'backstage.io/v1beta1'];
  for (const version of versions) {
    for (const apiVersion of apiVersions) {
      if (version !== undefined && apiVersion !== undefined) continue;
      const document = { info: { 'dd-service': 'a' }, 'schema-version': version, apiVersion };
      const recognizing = formats.filter((format) =>
        format.recognizes(apiVersion ? { apiVersion } : document),
      );
      expect(recognizing.length).toBeLessThanOrEqual(1);
    }
  }
});
