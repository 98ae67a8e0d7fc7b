import { readdirSync, readFileSync } from 'node:fs';
import { alarms } from '../../infra/alarms.ts';
import { bridgeJsonSchema } from '../../lib/adapters/config/bridge-json-schema.ts';
import { incidentEventJsonSchema } from '../../lib/domain/incident/incident-event-schema.ts';
import { firstPace } from '../../lib/domain/retry/pace.ts';
import { anchor, blocks, everything, headings, quoted, section, tables, textOf } from './document.ts';

const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'));

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const unique = (values: string[]): string[] => [...new Set(values)].sort();
/** What stands in backticks in one column of a table. */
const column = (rows: string[][], index: number): string[] => rows.flatMap((row) => quoted(row[index] ?? ''));

const configuration = textOf('docs/configuration.md');

describe('settings', () => {
  it('are the ones the code reads', () => {
    const source = readFileSync('lib/adapters/config/environment.ts', 'utf8');
    const body = source.slice(
      source.indexOf('readLocalSettings'),
      source.indexOf('export function readLambdaSettings'),
    );
    const read = unique([...matches(body, /read\.\w+\(\s*'([A-Z_]+)'/g), 'BRIDGE_TABLE_PREFIX']);
    const [settings = []] = tables(configuration).slice(-1);
    expect(unique(column(settings, 0))).toEqual(read);
    const onAws = matches(source.slice(source.indexOf('function readLambdaSettings')), /'([A-Z]+_[A-Z_]+)'/g);
    for (const name of unique(onAws)) expect(configuration).toContain(`\`${name}\``);
  });

  it('have the defaults of the code', () => {
    const source = readFileSync('lib/adapters/config/environment.ts', 'utf8');
    for (const [name, value] of [
      ['PORT', '8787'],
      ['DYNAMODB_PORT', '8000'],
      ['BRIDGE_SWEEP_SECONDS', '60'],
      ['BRIDGE_CATALOG_SYNC_SECONDS', '3600'],
      ['BRIDGE_RECONCILE_SECONDS', '3600'],
      ['TLS_PORT', '8443'],
    ]) {
      expect(source).toContain(`('${name}', ${value})`);
      expect(configuration).toContain(`| \`${name}\` | ${value} |`);
    }
    for (const [name, value] of [
      ['BRIDGE_DATA_DIR', '.data'],
      ['BRIDGE_CONFIG', 'infra/bridge.yml'],
    ]) {
      expect(source).toContain(`'${name}') ?? '${value}'`);
      expect(configuration).toContain(`| \`${name}\` | \`${value}\` |`);
    }
  });
});

describe('configuration keys', () => {
  type Schema = {
    properties?: Record<string, Schema>;
    items?: { anyOf?: Schema[] };
    const?: string;
    required?: string[];
  };
  const { properties = {} } = bridgeJsonSchema() as Schema;
  const [general = [], byType = []] = tables(configuration);
  const kinds = properties['destinations']?.items?.anyOf ?? [];

  it('are those of the schema', () => {
    const keys = Object.entries(properties).flatMap(([key, { properties: inner }]) =>
      inner ? Object.keys(inner).map((name) => `${key}.${name}`) : [key],
    );
    expect(unique(column(general, 0)).sort()).toEqual(keys.filter((key) => key !== '$schema').sort());
  });

  it.each(kinds.map((kind) => [kind.properties?.['type']?.const, kind] as const))(
    'of %s are those of its schema',
    (type, kind) => {
      let current = '';
      const documented = byType.flatMap(([first = '', keys = '']) => {
        current = first || current;
        const here =
          current === `\`${type}\`` ||
          (current === 'all three' && ['eventbridge', 'sqs', 'sns'].includes(String(type)));
        return here ? quoted(keys) : [];
      });
      const common = ['name', 'type', 'events', 'only', 'content', 'history', 'max_in_flight'];
      expect(unique([...documented, ...common])).toEqual(Object.keys(kind.properties ?? {}).sort());
    },
  );
});

it('deployment parameters are those of infra/parameters.cjs, with their defaults', () => {
  const source = readFileSync('infra/parameters.cjs', 'utf8');
  const known = [...source.matchAll(/^ {2}(\w+): \{\n {4}default: '([^']*)'/gm)].map(([, name, value]) => [
    name,
    value || 'none',
  ]);
  const [parameters = []] = tables(textOf('docs/deploying.md'));
  const documented = parameters.map(([name = '', value = '']) => [
    quoted(name)[0],
    value.replaceAll('`', ''),
  ]);
  expect(documented.sort()).toEqual(known.sort());
});

it('PagerDuty events to subscribe to are the documented ones, each with a sample', () => {
  const [list] = blocks('text').filter(({ heading }) => heading === 'The form in PagerDuty');
  const undocumented = ['incident.title_updated', 'incident.urgency_updated', 'pagey.ping'];
  const samples = readdirSync('test/fixtures/events').map((file) => file.replace(/\.json$/, ''));
  expect(list?.text.split(/\s+/).sort()).toEqual(
    samples.filter((type) => !undocumented.includes(type)).sort(),
  );
});

it('fields of the incident event are those of its schema', () => {
  type Schema = { properties?: Record<string, Schema> };
  const paths = ({ properties = {} }: Schema, prefix = ''): string[] =>
    Object.entries(properties).flatMap(([name, inner]) =>
      inner.properties && prefix === '' ? paths(inner, `${name}.`) : [prefix + name],
    );
  const [fields = []] = tables(textOf('docs/events.md'));
  expect(unique(column(fields, 0))).toEqual(paths(incidentEventJsonSchema() as Schema).sort());
});

describe('the runbook', () => {
  it.each(alarms.map(({ id, runbook }) => [id, runbook] as const))(
    'of %s is the section %s',
    (id, runbook) => {
      const heading = headings('docs/operating.md').find((each) => anchor(each) === runbook);
      expect(heading).toBeDefined();
      const [named = ''] = section('docs/operating.md', heading ?? '').match(/^\*[^*]+\*/m) ?? [];
      expect(named.match(/\w+/g)).toContain(id);
    },
  );

  it('names no alarm that is not there', () => {
    const named = matches(section('docs/operating.md', 'Alarms'), /^\*([\w, ]+)\.\*/gm).flatMap((list) =>
      list.split(', '),
    );
    expect(named.sort()).toEqual(alarms.map(({ id }) => id).sort());
  });
});

describe('operating it', () => {
  it.each([
    ['webhook not accepted', "noun: 'webhook'"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is how the source spells it
    ['webhook not accepted', '`${noun} not accepted'],
    ['a part of the sweep failed', "'a part of the sweep failed"],
    ['incident could not be processed', "'incident could not be processed"],
  ])('looks for a log line that is written: %s, by %s', (message, source) => {
    expect(section('docs/operating.md', 'Alarms')).toContain(`\`${message}\``);
    expect(sourceFiles('lib').some((text) => text.includes(source))).toBe(true);
  });

  it.each(['WebhookUrl', 'DashboardUrl', 'AlarmTopic'])('refers to an output of the stack: %s', (output) => {
    expect(everything).toContain(`\`${output}\``);
    const files = ['infra/outputs.yml', 'infra/front-door/http-api.yml', 'infra/front-door/function-url.yml'];
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    expect(texts.some((text) => new RegExp(`^ +${output}:`, 'm').test(text))).toBe(true);
  });

  it('says how fast a destination drains', () => {
    const { atOnce, most } = firstPace(undefined);
    expect(section('docs/operating.md', 'Deliveries are late')).toContain(
      `${atOnce} deliveries at once, up to ${most} while it answers well`,
    );
    expect(textOf('docs/configuration.md')).toContain(`${atOnce} at once, raised to ${most}`);
  });
});

describe('codes', () => {
  const source = sourceFiles('lib').join('\n');
  const [answers = [], start = [], cli = [], verify = [], skipped = []] = tables(textOf('docs/errors.md'));
  const inCli = sourceFiles('lib/cli').join('\n');
  const union = (type: string): string[] =>
    matches(new RegExp(`type ${type} =([^;]+);`).exec(source)?.[1] ?? '', /'(\w+)'/g);

  it('of answers', () => {
    const errors = matches(source, /fault\(\d+, '(\w+)'/g).concat(
      matches(source, /jsonResponse\([^)]*error: '(\w+)'/g),
    );
    expect(unique(column(answers, 1))).toEqual(
      unique([...errors, 'accepted', 'duplicate', 'expired', 'pong', 'quarantined']),
    );
  });

  it('of npm start', () => {
    expect(unique(column(start, 0))).toEqual(union('StartErrorCode').sort());
  });

  it('of pdbridge', () => {
    const own = matches(inCli, /(?:failed\(|new Exit\(\d,)\s*'(\w+)'/g);
    const pagerDuty = union('PagerDutyFaultCode').map((code) => `pagerduty_${code}`);
    const subscribe = union('SubscribeFaultCode').map((code) => `subscribe_${code}`);
    const others = [...union('CatalogPushCode'), ...pagerDuty, ...subscribe, 'configuration'];
    const expected = unique([...own, ...others]);
    expect(unique(column(cli, 0).filter((code) => !code.startsWith('npx')))).toEqual(expected);
  });

  it('of pdbridge verify', () => {
    const codes = [...union('DiagnosisCode'), ...union('MistakeCode')];
    expect(unique(column(verify, 0))).toEqual(unique(codes));
  });

  it('of skipped deliveries', () => {
    const reasons = [
      ...matches(source, /skip: ['`](\w+)/g),
      ...matches(source, /status: 'skipped', reason: '(\w+)'/g),
      ...matches(source, /skipped: '([a-z_]+)'/g),
    ];
    // Some say more behind a colon; formats.test.ts holds those word for word.
    const documented = column(skipped, 0).map((reason) => reason.replace(/:.*/, ''));
    expect(unique(documented)).toEqual(unique(reasons));
  });
});
