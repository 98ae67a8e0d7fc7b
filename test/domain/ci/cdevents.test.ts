import fc from 'fast-check';
import { cdevents } from '../../../lib/adapters/destinations/formats/cdevents.ts';
import { readCdEvents } from '../../../lib/domain/ci/cdevents.ts';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import type { IncidentReport } from '../../../lib/domain/incident-report/incident-report.ts';
import { finished } from '../../adapters/destinations/deployment-events.ts';
import { triggered } from '../../adapters/destinations/incident-events.ts';
import { fixture } from './fixture.ts';

const deployed = (changes: Record<string, unknown> = {}) => fixture('cdevents-service-deployed', changes);
const detected = (changes: Record<string, unknown> = {}) => fixture('cdevents-incident-detected', changes);
const read = (event: unknown, headers: Record<string, string> = {}) =>
  readCdEvents(headers, JSON.stringify(event));
const deployments = (event: unknown, headers?: Record<string, string>): readonly DeploymentReport[] => {
  const reading = read(event, headers);
  if (reading.kind !== 'reports') throw new Error(reading.reason);
  return reading.deployments;
};
const incident = (changes: Record<string, unknown> = {}): Partial<IncidentReport> => {
  const reading = read(detected(changes));
  if (reading.kind !== 'reports') throw new Error(reading.reason);
  return reading.incidents[0] ?? {};
};
const purl = 'subject.content.artifactId';
const type = 'context.type';

const report: DeploymentReport = {
  source: 'cdevents',
  external_id: 'cdevents:/pipelines/shop/deploy:7d9f6c1e-55d1-4a0a-9f53-2c9d3a6e1b10',
  service: 'cart',
  env: 'production',
  version: '2.14.0',
  status: 'succeeded',
  finished_at: '2026-03-02T10:04:12.315Z',
  custom_tags: [],
};
const attributes = {
  specversion: '1.0',
  id: 'other',
  source: '/other',
  type: 'dev.cdevents.service.deployed.0.2.0',
  time: '2026-01-01T00:00:00Z',
};

describe('service.deployed', () => {
  const encoded = Buffer.from(JSON.stringify(deployed())).toString('base64');
  const binary = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));

  it.each<[string, unknown, Record<string, string>]>([
    ['by itself', deployed(), {}],
    ['in a structured CloudEvent', { ...attributes, data: deployed() }, {}],
    ['in a structured CloudEvent, as base64', { ...attributes, data_base64: encoded }, {}],
    ['in a binary CloudEvent', deployed(), binary],
    ['in a batch', [{ ...attributes, data: deployed() }], {}],
  ])('is a report %s', (_, event, headers) => expect(deployments(event, headers)).toEqual([report]));

  it('takes from the CloudEvent what it does not say itself', () => {
    const bare = deployed({
      'context.id': undefined,
      'context.source': undefined,
      'context.timestamp': undefined,
      [type]: undefined,
    });
    const expected = { external_id: 'cdevents:/other:other', finished_at: '2026-01-01T00:00:00.000Z' };
    expect(deployments({ ...attributes, data: bare })).toMatchObject([expected]);
    expect(deployments(bare, binary)).toMatchObject([expected]);
  });

  it.each<[string, Record<string, unknown>, Partial<DeploymentReport>]>([
    [
      'upgraded',
      { [type]: 'dev.cdevents.service.upgraded.0.3.0-draft' },
      { status: 'succeeded', custom_tags: [] },
    ],
    [
      'rolledback',
      { [type]: 'dev.cdevents.service.rolledback.0.1.1' },
      { custom_tags: ['cdevents:rolledback'] },
    ],
    ['without a version', { [type]: 'dev.cdevents.service.deployed' }, { service: 'cart' }],
    ['with a plain id', { 'subject.id': 'cart' }, { service: 'cart' }],
    ['with a service in a path', { 'subject.id': '/clusters/eu/services/cart' }, { service: 'cart' }],
    [
      'with no environment that is known',
      { 'subject.content.environment.id': 'unknown' },
      { env: undefined },
    ],
    ['with no environment', { 'subject.content.environment': undefined }, { env: undefined }],
    ['of an image without a tag', { [purl]: 'pkg:oci/cart@sha256%3A9c1f' }, { version: 'sha256:9c1f' }],
    ['of a package', { [purl]: 'pkg:npm/%40acme/cart@2.1.0' }, { version: '2.1.0' }],
    [
      'of a repository',
      { [purl]: `pkg:github/Acme/Cart@${'A'.repeat(40)}` },
      { version: undefined, commit_sha: 'a'.repeat(40), repository_id: 'github.com/acme/cart' },
    ],
    [
      'of a tag of a repository',
      { [purl]: 'pkg:github/acme/cart@v1.0' },
      { version: 'v1.0', commit_sha: undefined },
    ],
    [
      'of a package that says where it is from',
      {
        [purl]: `pkg:generic/cart@1.0?vcs_url=git%2Bhttps://x:token@github.com/acme/cart.git%40${'b'.repeat(40)}`,
      },
      {
        version: '1.0',
        commit_sha: 'b'.repeat(40),
        repository_id: 'github.com/acme/cart',
        repository_url: 'https://github.com/acme/cart.git',
      },
    ],
    ['of something that is no package', { [purl]: 'cart 2.1.0' }, { version: undefined }],
  ])('%s', (_, changes, expected) => {
    const absent = { version: undefined, commit_sha: undefined };
    expect({ ...absent, ...deployments(deployed(changes))[0] }).toMatchObject(expected);
  });
});

describe('an incident', () => {
  const common = {
    source: 'cdevents',
    external_id: 'cdevents:/monitoring/eu-1:incident-4711',
    services: ['cart'],
    env: 'production',
    name: 'Carts answer after 4 s',
    commit_sha: '6f1c0a9b7d2e4f5061728394a5b6c7d8e9f01234',
    repository_id: 'github.com/acme/cart',
    repository_url: 'https://github.com/acme/cart',
    custom_tags: [],
  };

  it.each(['detected', 'reported'])('that is %s was going on then', (predicate) => {
    expect(incident({ [type]: `dev.cdevents.incident.${predicate}.0.2.0` })).toEqual({
      ...common,
      seen_at: '2026-03-02T10:20:00.079Z',
    });
  });

  it('that is resolved has its end then, and is the same one', () => {
    expect(incident({ [type]: 'dev.cdevents.incident.resolved.0.3.0' })).toEqual({
      ...common,
      finished_at: '2026-03-02T10:20:00.079Z',
    });
  });

  it('of no service names none', () => {
    expect(incident({ 'subject.content.service': undefined }).services).toEqual([]);
  });
});

describe('a batch', () => {
  it('gives all that is in it', () => {
    const batch = [deployed(), detected(), deployed({ [type]: 'dev.cdevents.build.finished.0.2.0' })];
    const reading = read(batch.map((data) => ({ ...attributes, data })));
    expect(reading).toMatchObject({ kind: 'reports', deployments: [{}], incidents: [{}] });
  });

  it.each([
    ['of none', [], 'unreadable: the batch is empty'],
    ['of too many', Array(101).fill(deployed()), 'unreadable: the batch has more than 100 events'],
  ])('%s is ignored', (_, batch, reason) => expect(read(batch)).toEqual({ kind: 'ignored', reason }));
});

it.each([
  ['a deployment', finished],
  ['an incident', triggered],
])('%s that the bridge itself has sent as a CDEvent is nothing new when it comes back', (_, event) => {
  const written = cdevents.write(event);
  if (!('body' in written)) throw new Error(written.skip);
  expect(readCdEvents({}, String(written.body))).toMatchObject({
    kind: 'ignored',
    reason: expect.stringMatching(/^ours: /),
  });
});

describe('is ignored, with a reason:', () => {
  it.each<[string, Record<string, unknown>]>([
    ['other_event: dev.cdevents.service.removed.0.2.0', { [type]: 'dev.cdevents.service.removed.0.2.0' }],
    ['other_event: dev.cdevents.incident.closed.0.2.0', { [type]: 'dev.cdevents.incident.closed.0.2.0' }],
    ['unreadable: context.type names no CDEvent', { [type]: 'com.example.deployed' }],
    ['unreadable: subject.id is missing', { 'subject.id': ' ' }],
    ['unreadable: context.id is missing', { 'context.id': 7 }],
    ['unreadable: context.timestamp is no time', { 'context.timestamp': 'yesterday' }],
    ['ours: the bridge itself has sent it', { customData: { version: '1', sequence: 2, deployment: {} } }],
  ])('%s', (reason, changes) => expect(read(deployed(changes))).toEqual({ kind: 'ignored', reason }));

  it.each(['', 'null', '7', '[7]', '{"data":7}', '{"data_base64":"e"}', `[${'['.repeat(100_000)}`])(
    'a body that is none',
    (body) => expect(readCdEvents({}, body).kind).toBe('ignored'),
  );
});

it('reads whatever comes without an exception', () => {
  const paths = [
    'context',
    'subject',
    'subject.id',
    'subject.content',
    'context.source',
    type,
    purl,
    'customData',
    'context.timestamp',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.anything(), fc.string(), (path, value, text) => {
      expect(['reports', 'ignored']).toContain(read(deployed({ [path]: value })).kind);
      expect(['reports', 'ignored']).toContain(read(detected({ [path]: value })).kind);
      expect(deployments(deployed({ [purl]: `pkg:${text}` }))).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});
