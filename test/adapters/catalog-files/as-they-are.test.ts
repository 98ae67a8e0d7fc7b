import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ReadCatalog, readCatalog } from '../../../lib/adapters/catalog-files/read-catalog.ts';
import { assembleCatalog } from '../../../lib/domain/catalog/assemble.ts';
import { showFinding } from '../../../lib/domain/catalog/definition.ts';
import type { CatalogEntry } from '../../../lib/domain/catalog/entry.ts';
import { showServiceRef } from '../../../lib/domain/pagerduty/service-url.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';

/** Kinds of files as they lie in repositories, each with what is made of it when it is named. */
interface Met {
  file: string;
  lines: string[];
  /** `kind name: team, PagerDuty service`, as it goes out. */
  entries: string[];
  warning?: RegExp;
}

const component = (name: string, annotations: string, spec = 'owner: crew') => [
  'apiVersion: backstage.io/v1alpha1',
  'kind: Component',
  `metadata: { name: ${name}${annotations && `, annotations: { ${annotations} }`} }`,
  `spec: { type: service, ${spec} }`,
];
const group = (namespace: string) => [
  'apiVersion: backstage.io/v1alpha1',
  'kind: Group',
  `metadata: { name: core, namespace: ${namespace} }`,
  'spec: { type: team, children: [] }',
];
const v3 = (kind: string, name: string, more: string) => [
  'apiVersion: v3',
  `kind: ${kind}`,
  `metadata: { name: ${name}, ${more} }`,
];
const linked = (name: string, url: string) => [
  'schema-version: v2.2',
  `dd-service: ${name}`,
  'team: crew',
  `integrations: { pagerduty: { service-url: "${url}" } }`,
];
const foreign = /has no catalog definition in it and is passed over$/;
const key = 'pagerduty.com/service-id';

const met: Met[] = [
  {
    file: 'service.datadog.yml',
    lines: ['schema-version: v2.2', 'dd-service: romulan', 'team: fleet'],
    entries: ['service romulan: fleet, -'],
  },
  {
    file: 'static-analysis.datadog.yml',
    lines: ['schema-version: v1', 'rulesets: [go-security]'],
    entries: [],
    warning: foreign,
  },
  {
    file: 'repository.datadog.yml',
    lines: ['schema-version: v1', 'kind: mergequeue', 'enable: false'],
    entries: [],
    warning: foreign,
  },
  {
    file: 'chart.yaml',
    lines: ['apiVersion: v1', 'kind: Secret', 'metadata:', '  name: {{ template "y.name" . }}'],
    entries: [],
    warning: /^chart\.yaml:4: is a template/,
  },
  { file: 'locales.json', lines: ['["nl", "it"]'], entries: [], warning: foreign },
  { file: 'records.json', lines: ['{"b": 1}', '{"b": 2}'], entries: [], warning: foreign },
  {
    file: 'jsconfig.json',
    lines: ['{', '  // for the editor', '  "include": ["src"]', '}'],
    entries: [],
    warning: foreign,
  },
  {
    file: 'docs.yml',
    lines: ['site_name: Handbook', 'plugins:', '  - icons: !!python/name:icons.svg'],
    entries: [],
    warning: foreign,
  },
  {
    file: 'list.yaml',
    lines: [
      'apiVersion: v1',
      'kind: List',
      'items:',
      '- apiVersion: backstage.io/v1alpha1',
      '  kind: Component',
      '  metadata: {name: listed}',
      '  spec: {owner: crew}',
    ],
    entries: ['service listed: crew, -'],
  },
  {
    file: 'portal.json',
    lines: [
      '{"items":[{"apiVersion":"backstage.io/v1alpha1","kind":"API","metadata":{"name":"exported"},"spec":{"owner":"crew"}}],"totalItems":1,"pageInfo":{}}',
    ],
    entries: ['api exported: crew, -'],
  },
  {
    file: 'definitions.json',
    lines: [
      '{"data":[{"type":"service-definition","attributes":{"meta":{},"schema":{"schema-version":"v2.1","dd-service":"stored","team":"crew"}}}]}',
    ],
    entries: ['service stored: crew, -'],
  },
  {
    file: 'namespaces.yaml',
    lines: [
      ...group('shop'),
      '---',
      ...group('play'),
      '---',
      ...component('till', '', "owner: 'group:shop/core'"),
      '---',
      ...component('arcade', '', "owner: 'group:play/core'"),
    ],
    entries: [
      'team shop/core',
      'team play/core',
      'service till: shop/core, -',
      'service arcade: play/core, -',
    ],
  },
  {
    file: 'relative.yaml',
    lines: [
      'apiVersion: backstage.io/v1alpha1',
      'kind: Component',
      'metadata: { name: near, namespace: play }',
      'spec: { owner: core }',
      '---',
      ...group('shop'),
      '---',
      ...group('play'),
    ],
    entries: ['service near: play/core, -', 'team shop/core', 'team play/core'],
  },
  {
    file: 'letters.yaml',
    lines: [...component('Basket', '', 'owner: one'), '---', ...component('basket', '', 'owner: two')],
    entries: ['service basket: two, -'],
    warning:
      /^letters\.yaml:6: service "basket" has team "two" here and "one" in letters\.yaml:1; this one holds/,
  },
  {
    file: 'named.entity.datadog.yaml',
    lines: [
      ...v3('system', 'mesh', 'owner: crew'),
      '---',
      ...v3('service', 'ingress', "inheritFrom: 'system:mesh'"),
    ],
    entries: ['system mesh: crew, -', 'service ingress: crew, -'],
  },
  {
    file: 'implied.entity.datadog.yaml',
    lines: [
      ...v3('system', 'cart', 'owner: crew'),
      "spec: { components: ['service:cart-api'] }",
      '---',
      ...v3('service', 'cart-api', 'tags: []'),
    ],
    entries: ['system cart: crew, -', 'service cart-api: crew, -'],
  },
  {
    file: 'accounts.yaml',
    lines: [
      ...component('mailer', `${key}: PSHARED, pagerduty.com/account: north`),
      '---',
      ...component('printer', `${key}: PSHARED, pagerduty.com/account: south`),
    ],
    entries: [
      'service mailer: crew, north.pagerduty.com/services/PSHARED',
      'service printer: crew, south.pagerduty.com/services/PSHARED',
    ],
  },
  {
    file: 'integration.yaml',
    lines: component('keyed', `pagerduty.com/integration-key: ${'fedcba9876543210'.repeat(2)}`),
    entries: ['service keyed: crew, -'],
    warning: /integration-key says where to send alarms/,
  },
  {
    file: 'nested.yaml',
    lines: component('nested', 'pagerduty.com: { service-id: PNESTED }'),
    entries: ['service nested: crew, PNESTED'],
    warning: /is a mapping and is read as/,
  },
  {
    file: 'space.yaml',
    lines: component('spaced', `"${key} ": PSPACED`),
    entries: ['service spaced: crew, PSPACED'],
    warning: /has a space around it/,
  },
  {
    file: 'text.yaml',
    lines: component('referring', '', 'owner: { $text: ./TEAM }'),
    entries: ['service referring: -, -'],
    warning: /is to be read from "\.\/TEAM"/,
  },
  {
    file: 'www.datadog.yaml',
    lines: linked('window', 'https://www.pagerduty.com/service-directory/PWINDOW'),
    entries: ['service window: crew, PWINDOW'],
    warning: /names no account, so service PWINDOW is looked for in any account/,
  },
  {
    file: 'sample.yaml',
    lines: [
      'schema-version: v2.2',
      'dd-service: nightly',
      'team: crew',
      'integrations:',
      'pagerduty:',
      'service-url: https://shop.pagerduty.com/service-directory/XXXXXXX',
    ],
    entries: ['service nightly: crew, -'],
    warning: /:6: service-url stands at the top level/,
  },
];

const folder = temporaryFolder();
for (const { file, lines } of met) put(`met/${file}`, lines);

function put(file: string, lines: string[]): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
}

const show = (entry: CatalogEntry): string => {
  if (entry.type === 'team') return `team ${entry.name}`;
  const { kind, name, team, pagerduty } = entry;
  return `${kind} ${name}: ${team ?? '-'}, ${pagerduty === undefined ? '-' : showServiceRef(pagerduty)}`;
};
const used = ({ entries }: ReadCatalog): string[] =>
  assembleCatalog(entries.map((entry) => ({ source: 'default', entry }))).map(show);
const told = (read: ReadCatalog, under = join(folder, 'met')) =>
  read.warnings.map((finding) => showFinding(finding).replaceAll(`${under}/`, ''));

describe('a file as it lies in repositories, when it is named', () => {
  it.each(met.map((each) => [each.file, each] as const))('%s', async (file, { entries, warning }) => {
    const read = await readCatalog([join(folder, 'met', file)]);
    expect(read.errors).toEqual([]);
    expect(used(read)).toEqual(entries);
    expect(told(read)).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  });

  it('and in its folder, says the same of definitions and nothing of the rest', async () => {
    const read = await readCatalog([join(folder, 'met')]);
    expect(read.errors).toEqual([]);
    const warnings = met.filter(({ entries, warning }) => entries.length > 0 && warning !== undefined);
    expect(told(read)).toHaveLength(warnings.length);
    expect(read.files).toHaveLength(met.filter(({ entries }) => entries.length > 0).length);
  });
});

it('one service in two formats is one, with account and team', async () => {
  put('both/catalog-info.yaml', component('wallet', `${key}: PWALLET`));
  put('both/service.datadog.yaml', linked('wallet', 'https://shop.pagerduty.com/services/PWALLET'));
  const read = await readCatalog([join(folder, 'both')]);
  expect(used(read)).toEqual(['service wallet: crew, shop.pagerduty.com/services/PWALLET']);
  expect(read.merged.map(({ places }) => places.length)).toEqual([2]);
  expect([...read.errors, ...read.warnings]).toEqual([]);
});

describe('a repository of 10,000 foreign files and 300 definitions', () => {
  const root = join(folder, 'large');
  beforeAll(() => {
    const chart = ['apiVersion: v1', 'kind: Service', 'metadata:', '  name: {{ .Values.name }}'];
    const data = [`{"rows": ["${'x'.repeat(2_000)}"]}`];
    for (let at = 0; at < 10_000; at++) {
      const isJson = at % 2 === 0;
      put(`large/part-${at % 100}/foreign-${at}.${isJson ? 'json' : 'yaml'}`, isJson ? data : chart);
    }
    for (let at = 0; at < 300; at++) {
      put(
        `large/part-${at % 100}/svc-${at}.datadog.yaml`,
        linked(`svc-${at}`, `https://shop.pagerduty.com/services/P${100_000 + at}`),
      );
    }
    // What exports leave behind: 60 MB that are never read.
    for (let at = 0; at < 3; at++) put(`large/exports/${at}.json`, [`[${'{"id":1},'.repeat(2_200_000)}1]`]);
  }, 60_000);

  it('is read in less than 3 seconds of processor time, with no word about the foreign ones', async () => {
    const before = process.cpuUsage();
    const read = await readCatalog([root]);
    const { user, system } = process.cpuUsage(before);
    expect(read.entries).toHaveLength(300);
    expect(read.files).toHaveLength(300);
    expect([...read.errors, ...read.warnings]).toEqual([]);
    expect(read.notes).toHaveLength(10_003);
    expect((user + system) / 1e6).toBeLessThan(3);
  });
});
