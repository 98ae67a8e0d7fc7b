import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { encodingOf, readExport } from '../../../lib/domain/otlp/read-export.ts';
import { jsonExport, protobufExport, type Resource } from '../../support/otlp.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const commit = 'c0ffee1234567890c0ffee1234567890c0ffee12';

const both: ['json' | 'protobuf', (resources: Resource[]) => Uint8Array][] = [
  ['json', (resources) => jsonExport(resources)],
  ['protobuf', (resources) => protobufExport(resources)],
];

describe.each(both)('an export in %s', (encoding, exported) => {
  const versions = (...resources: Resource[]) => {
    const read = readExport(exported(resources), encoding);
    if (read.kind === 'fault') throw new Error(read.fault);
    return read.versions;
  };

  const rows: [string, Resource, object | undefined][] = [
    [
      'all that is read',
      {
        'telemetry.sdk.language': 'go',
        'service.name': 'checkout',
        'service.namespace': 'shop',
        'service.version': '2.4.1',
        'deployment.environment.name': 'prod',
        'vcs.repository.url.full': 'https://robot:ghp_secret@github.com/Acme/Checkout.git',
        'vcs.ref.head.revision': commit.toUpperCase(),
        'process.pid': 17,
      },
      {
        service: 'checkout',
        namespace: 'shop',
        version: '2.4.1',
        env: 'prod',
        commit_sha: commit,
        repository_id: 'github.com/acme/checkout',
        repository_url: 'https://github.com/Acme/Checkout.git',
      },
    ],
    [
      'only name and version',
      { 'service.name': 'a', 'service.version': '1' },
      { service: 'a', version: '1' },
    ],
    [
      'the environment by its older name',
      { 'service.name': 'a', 'service.version': '1', 'deployment.environment': 'test' },
      { service: 'a', version: '1', env: 'test' },
    ],
    [
      'the environment by both names',
      {
        'deployment.environment': 'old',
        'deployment.environment.name': 'new',
        'service.name': 'a',
        'service.version': '1',
      },
      { service: 'a', version: '1', env: 'new' },
    ],
    [
      'a number for a version',
      { 'service.name': 'a', 'service.version': 417 },
      { service: 'a', version: '417' },
    ],
    ['spaces around', { 'service.name': ' a ', 'service.version': '1\t' }, { service: 'a', version: '1' }],
    [
      'a revision that is no commit',
      { 'service.name': 'a', 'service.version': '1', 'vcs.ref.head.revision': 'r4711' },
      { service: 'a', version: '1' },
    ],
    [
      'an empty environment',
      { 'service.name': 'a', 'service.version': '1', 'deployment.environment.name': '' },
      { service: 'a', version: '1' },
    ],
    [
      'a name in any script',
      { 'service.name': '支払い', 'service.version': '1' },
      { service: '支払い', version: '1' },
    ],
    ['no version', { 'service.name': 'a' }, undefined],
    ['no name', { 'service.version': '1' }, undefined],
    [
      'a name that an SDK made up',
      { 'service.name': 'unknown_service:node', 'service.version': '1' },
      undefined,
    ],
    ['a true version', { 'service.name': 'a', 'service.version': true }, undefined],
    ['a control character', { 'service.name': 'a\u0000b', 'service.version': '1' }, undefined],
    ['a version of 201 characters', { 'service.name': 'a', 'service.version': 'v'.repeat(201) }, undefined],
    ['nothing', {}, undefined],
  ];
  it.each(rows)('with %s', (_what, resource, expected) => {
    expect(versions(resource)).toEqual(expected ? [expected] : []);
  });

  it('says once what several resources say', () => {
    const a = { 'service.name': 'a', 'service.version': '1' };
    const b = { 'service.name': 'a', 'service.version': '2' };
    expect(versions(a, b, { ...a, 'host.name': 'other' }).map(({ version }) => version)).toEqual(['1', '2']);
  });

  it('may be empty', () => {
    expect(versions()).toEqual([]);
  });

  it('is read whatever names and texts there are', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('service.name', '__proto__', 'constructor'));
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, text), { maxLength: 4 }), (resources) => {
        const read = readExport(exported(resources), encoding);
        expect(read).toMatchObject({ kind: 'export', resources: resources.length });
      }),
    );
  });
});

describe('an export in JSON', () => {
  const signals = ['resourceSpans', 'resourceMetrics', 'resourceLogs'] as const;
  it.each(signals)('is read under %s', (signal) => {
    const body = jsonExport([{ 'service.name': 'a', 'service.version': '1' }], signal);
    expect(readExport(body, 'json')).toMatchObject({ versions: [{ service: 'a' }] });
  });

  it('may write numbers as numbers, and leave a resource or its attributes out', () => {
    const attributes =
      '[{"key":"service.name","value":{"stringValue":"a"}},{"key":"service.version","value":{"intValue":7}}]';
    const body = `{"resourceLogs":[{},{"resource":null},{"resource":{}},{"resource":{"attributes":${attributes}}}]}`;
    expect(readExport(bytes(body), 'json')).toMatchObject({ resources: 4, versions: [{ version: '7' }] });
  });

  it('with half a character in a name says nothing of that resource', () => {
    const resource = (name: string) =>
      `{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"${name}"}},{"key":"service.version","value":{"stringValue":"1"}}]}}`;
    const body = `{"resourceSpans":[${resource('\\ud83d')},${resource('b')}]}`;
    expect(readExport(bytes(body), 'json')).toMatchObject({ versions: [{ service: 'b' }] });
  });

  const deep = 200_000;
  const broken: [string, string][] = [
    ['nothing', ''],
    ['half of it', '{"resourceSpans":[{"resource"'],
    ['a list', '[]'],
    ['a text', '"resourceSpans"'],
    ['null', 'null'],
    ['resourceSpans no list', '{"resourceSpans":{}}'],
    ['an item no object', '{"resourceSpans":[1]}'],
    ['a resource that is a list', '{"resourceSpans":[{"resource":[]}]}'],
    ['attributes no list', '{"resourceSpans":[{"resource":{"attributes":{"service.name":"a"}}}]}'],
    ['an attribute no object', '{"resourceSpans":[{"resource":{"attributes":["service.name"]}}]}'],
    ['nested without end', '['.repeat(deep)],
    ['nested deep, and a list', '['.repeat(deep) + ']'.repeat(deep)],
    ['nested deep where a list is due', `{"resourceSpans":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`],
  ];
  it.each(broken)('is refused: %s', (_what, body) => {
    expect(readExport(bytes(body), 'json')).toMatchObject({ kind: 'fault' });
  });

  it('may hold anything where nothing is read, however deep', () => {
    const body = `{"resourceSpans":[{"scopeSpans":${'['.repeat(deep)}${']'.repeat(deep)}}]}`;
    expect(readExport(bytes(body), 'json')).toMatchObject({ kind: 'export' });
  });
});

describe('an export in protobuf', () => {
  const { LengthDelimited, Varint, Bit32, Bit64, StartGroup, EndGroup } = WireType;
  const whole = protobufExport([{ 'service.name': 'checkout', 'service.version': '2.4.1' }]);

  it('may have its fields in another order', () => {
    const writer = new BinaryWriter();
    writer.tag(1, LengthDelimited).fork().tag(1, LengthDelimited).fork();
    for (const [key, value] of [
      ['service.name', 'a'],
      ['service.version', '1'],
    ] as const) {
      writer.tag(1, LengthDelimited).fork();
      writer.tag(2, LengthDelimited).fork().tag(1, LengthDelimited).string(value).join();
      writer.tag(1, LengthDelimited).string(key).join();
    }
    const body = writer.join().join().finish();
    expect(readExport(body, 'protobuf')).toMatchObject({ versions: [{ service: 'a', version: '1' }] });
  });

  it('may have fields of any type that is not read', () => {
    const writer = new BinaryWriter();
    writer.tag(9, Varint).uint64('18446744073709551615');
    writer.tag(10, Bit64).fixed64(7).tag(11, Bit32).fixed32(7);
    writer.tag(12, StartGroup).tag(1, Varint).int32(1).tag(12, EndGroup);
    expect(readExport(new Uint8Array([...writer.finish(), ...whole]), 'protobuf')).toMatchObject({
      versions: [{ service: 'checkout', version: '2.4.1' }],
    });
  });

  it('is refused when cut off, wherever', () => {
    for (let length = 1; length < whole.length; length++) {
      expect(readExport(whole.subarray(0, length), 'protobuf').kind).toBe('fault');
    }
  });

  const broken: [string, number[]][] = [
    ['field number 0', [0x00, 0x01]],
    ['wire type 7', [0x0f]],
    ['a varint without end', new Array(20).fill(0xff)],
    ['a length beyond the end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a message longer than what it is in', [0x0a, 0x02, 0x0a, 0x05]],
    ['a field longer than what it is in', [0x0a, 0x02, 0x12, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00]],
    ['a number where a message should be', [0x08, 0x01]],
    ['a group that ends as another', [0x4b, 0x54]],
    ['groups without end', new Array(5_000).fill(0x4b)],
    ['JSON', [...bytes('{"resourceSpans":[]}')]],
  ];
  it.each(broken)('is refused: %s', (_what, body) => {
    expect(readExport(new Uint8Array(body), 'protobuf')).toMatchObject({ kind: 'fault' });
  });

  it('of any bytes at all is read or refused', () => {
    const flipped = fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, value]) => {
      const copy = whole.slice();
      copy[at] = value;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), flipped), (body) => {
        expect(['export', 'fault']).toContain(readExport(body, 'protobuf').kind);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the encoding of a body', () => {
  const rows: [string | undefined, string, 'json' | 'protobuf'][] = [
    ['application/json', '', 'json'],
    ['Application/JSON; charset=utf-8', '', 'json'],
    ['application/x-protobuf', '{', 'protobuf'],
    [undefined, '{"resourceSpans":[]}', 'json'],
    ['application/x-www-form-urlencoded', '{}', 'json'],
    [undefined, '\n\u0002', 'protobuf'],
    ['application/octet-stream', '', 'protobuf'],
  ];
  it.each(rows)('%s, %j: %s', (type, body, expected) => {
    expect(encodingOf(type, bytes(body))).toBe(expected);
  });
});
