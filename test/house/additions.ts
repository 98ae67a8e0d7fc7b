import type { CopiedTree } from './copied-tree.ts';

/** One file a contributor touches. */
export interface Place {
  file: string;
  put(tree: CopiedTree): void;
  /** What notices that it was forgotten; nothing when it is the new thing itself, or written by a script. */
  missedBy?: 'compiler' | { test: RegExp };
}

export interface Addition {
  /** As the heading in CONTRIBUTING.md names it. */
  what: string;
  places: Place[];
}

const file = (name: string, text: string, missedBy?: Place['missedBy']): Place => ({
  file: name,
  put: (tree) => tree.write(name, text),
  ...(missedBy && { missedBy }),
});
/** Puts text before each of these, which all are in the file. */
const lines = (
  name: string,
  insertions: [before: string, text: string][],
  missedBy: Place['missedBy'],
): Place => ({
  file: name,
  put(tree) {
    for (const [before, text] of insertions) tree.edit(name, before, text + before);
  },
  ...(missedBy && { missedBy }),
});
/** Written by a script: forgetting to run it is noticed by this test. */
const generated = (name: string, test: RegExp): Place => ({ file: name, put() {}, missedBy: { test } });

const destinations = 'lib/adapters/destinations';

/** A throw-away one of each kind of thing the house has a list of. */
export const additions: Addition[] = [
  {
    what: 'An output format',
    places: [
      file(
        `${destinations}/formats/telegram.ts`,
        `import type { Format } from './format.ts';
export const telegram: Format = {
  name: 'telegram',
  write: (event) => ({ contentType: 'text/plain', eventType: event.type, body: \`\${event.type} STOP\` }),
};
`,
      ),
      lines(
        `${destinations}/formats/formats.ts`,
        [
          ['import { cdevents }', "import { telegram } from './telegram.ts';\n"],
          ['event, cloudevents,', 'telegram, '],
        ],
        { test: /in the file telegram\.ts is in the list/ },
      ),
      generated('infra/bridge.schema.json', /bridge\.schema\.json is what the code generates/),
      generated('test/fixtures/golden', /the format telegram never changes a byte of triggered/),
      lines('docs/events.md', [['| `cdevents` |', '| `telegram` | few words |\n']], {
        test: /output formats each have a row/,
      }),
      {
        file: 'docs/configuration.md',
        put(tree) {
          tree.edit('docs/configuration.md', '`cloudevents-binary`, ', '`cloudevents-binary`, `telegram`, ');
          tree.edit(
            'docs/configuration.md',
            '`event`, `cloudevents`, `cdevents`',
            '`event`, `cloudevents`, `cdevents`, `telegram`',
          );
        },
        missedBy: { test: /output formats of webhook are those it takes/ },
      },
    ],
  },
  {
    what: 'A destination',
    places: [
      file(
        `${destinations}/pager-config.ts`,
        `import * as z from 'zod';
import { commonKeys, type KindConfig } from './kind-config.ts';
const schema = z.strictObject({ ...commonKeys('pager'), beeps: z.int().optional() });
export type PagerConfig = z.infer<typeof schema>;
export const pagerConfig: KindConfig<'pager'> = {
  type: 'pager',
  schema,
  secretKeys: [],
  urlKeys: [],
  permissions: () => [],
};
`,
      ),
      file(
        `${destinations}/pager.ts`,
        `import { renderEvent } from './event-payload.ts';
import { formatNamed } from './formats/formats.ts';
import type { DestinationKind } from './kind.ts';
import type { PagerConfig } from './pager-config.ts';
export const pagerKind: DestinationKind = {
  create(config, { print }) {
    const { name, events, beeps = 1 } = config as PagerConfig;
    return {
      name,
      type: 'pager',
      latestOnly: false,
      timeoutMs: 1000,
      render: (event) => renderEvent(event, formatNamed(undefined), events),
      async send() {
        print('beep '.repeat(beeps));
        return { outcome: 'delivered' };
      },
    };
  },
};
`,
      ),
      lines(
        `${destinations}/kinds.ts`,
        [
          ['import { webhookKind }', "import { pagerKind } from './pager.ts';\n"],
          ['  sns: snsKind,', '  pager: pagerKind,\n'],
        ],
        'compiler',
      ),
      lines(
        `${destinations}/kind-configs.ts`,
        [
          ['import { webhookConfig }', "import { pagerConfig } from './pager-config.ts';\n"],
          ['  sns: snsConfig,', '  pager: pagerConfig,\n'],
        ],
        'compiler',
      ),
      lines('test/adapters/destinations/kinds.test.ts', [["  console: '',", "  pager: '',\n"]], 'compiler'),
      generated('infra/bridge.schema.json', /bridge\.schema\.json is what the code generates/),
      lines('docs/configuration.md', [['| `webhook` | `url` |', '| `pager` | `beeps` | 1 | how often |\n']], {
        test: /configuration keys of pager are those of its schema/,
      }),
    ],
  },
  {
    what: 'A rule',
    places: [
      file(
        'lib/domain/matching/rules/weekday.ts',
        `import { decision, type Rule } from '../rule.ts';
export const weekday: Rule<'weekday'> = {
  name: 'weekday',
  judge: ({ service }) =>
    service.name === 'Monday' ? decision([], 'early-birds', 'It is named after a Monday.') : undefined,
};
`,
      ),
      lines('lib/domain/matching/match.ts', [["  'pinned',", "  'weekday',\n"]], 'compiler'),
      lines(
        'lib/domain/matching/rules.ts',
        [
          ['import { teamName }', "import { weekday } from './rules/weekday.ts';\n"],
          ['  pinned,\n', '  weekday,\n'],
        ],
        'compiler',
      ),
      lines(
        'test/domain/matching/decide.test.ts',
        [
          [
            "it.each(ruleNames)('the rule %s has a table here'",
            `table('on a weekday', 'weekday', [
  ['the first', { name: 'Monday' }, [], { rule: 'weekday', team: 'early-birds' }, /Monday/],
]);
`,
          ],
        ],
        { test: /the rule weekday has a table here/ },
      ),
      generated('lib/domain/incident/incident-event.schema.json', /is published as it is generated/),
      lines(
        'docs/rules-and-catalog.md',
        [['### A person goes before', '**`weekday`: the service is named after a Monday.**\n\n']],
        { test: /the rule weekday has a heading or paragraph/ },
      ),
    ],
  },
  {
    what: 'A catalog format',
    places: [
      file(
        'lib/domain/catalog/formats/index-card.ts',
        `import { defaultNamespace } from '../entry.ts';
import type { DefinitionFormat } from '../format.ts';
export const indexCard: DefinitionFormat<'index-card'> = {
  name: 'index-card',
  title: 'Index card',
  marks: [/card:/],
  recognizes: (document) => 'card' in document,
  read: ({ card }) => ({
    entries: [
      { type: 'service', name: String(card), kind: 'service', namespace: defaultNamespace, format: 'index-card' },
    ],
    problems: [],
  }),
  linesFor: ({ id }) => [\`pagerduty: \${id}\`],
};
`,
      ),
      lines('lib/domain/catalog/entry.ts', [["  'backstage',", "  'index-card',\n"]], 'compiler'),
      lines(
        'lib/domain/catalog/formats.ts',
        [
          ['import { backstage }', "import { indexCard } from './formats/index-card.ts';\n"],
          ['  backstage,\n', "  'index-card': indexCard,\n"],
        ],
        'compiler',
      ),
      file('test/fixtures/catalog/valid/index-card.yaml', 'card: drawer-12\n', {
        test: /the sample catalog has every format/,
      }),
      lines('docs/rules-and-catalog.md', [['| Backstage Component', '| Index card | `card` | | |\n']], {
        test: /catalog formats each have a row/,
      }),
    ],
  },
  {
    what: 'A kind of subject',
    places: [
      file(
        'lib/domain/subject/weather.ts',
        `import { prefixed } from './subject-kind.ts';
export const weather = prefixed('weather', 'weather');
`,
      ),
      file(
        'lib/flow/subjects/kinds/weather.ts',
        `import { weather as kind } from '../../../domain/subject/weather.ts';
import type { Subject } from '../subject.ts';
export const weather: Subject = { kind, work: async () => {} };
`,
      ),
      lines(
        'lib/flow/subjects/subjects.ts',
        [
          ['import { service }', "import { weather } from './kinds/weather.ts';\n"],
          ['  service,\n', '  weather,\n'],
        ],
        { test: /a subject in the file weather\.ts is in the list/ },
      ),
    ],
  },
  {
    what: 'A command',
    places: [
      file(
        'lib/cli/commands/ponder.ts',
        `import { command } from '../command.ts';
import { type Io, printJson } from '../io.ts';
export function ponderCommand(io: Io) {
  return command(io, 'ponder', 'takes its time', ['ponder']).action(() => printJson(io, 'hm'));
}
`,
      ),
      lines(
        'lib/cli/main.ts',
        [
          ['import { quarantineCommand }', "import { ponderCommand } from './commands/ponder.ts';\n"],
          ['    quarantineCommand,', '    ponderCommand,\n'],
        ],
        { test: /has the command of ponder\.ts/ },
      ),
      lines('docs/operating.md', [['## Alarms', 'Now and then: `npx pdbridge ponder`.\n\n']], {
        test: /the command `pdbridge ponder` is shown somewhere/,
      }),
    ],
  },
];
