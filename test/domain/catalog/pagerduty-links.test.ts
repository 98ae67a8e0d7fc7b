import { showFinding } from '../../../lib/domain/catalog/definition.ts';
import { parseDefinitions } from '../../../lib/domain/catalog/parse-definitions.ts';

/** The link that is read and the warnings it comes with; a link is never a reason to refuse a definition. */
function read(text: string) {
  const { definitions, findings } = parseDefinitions('a.yaml', text);
  const [definition] = definitions;
  if (definition?.entry.type !== 'service') throw new Error(`Nothing was read: ${findings.map(showFinding)}`);
  expect(findings.filter(({ severity }) => severity !== 'warning')).toEqual([]);
  return { ref: definition.entry.pagerduty, warnings: findings.map(showFinding) };
}

const datadog = (url: string) =>
  read(`schema-version: v2.2\ndd-service: a\nintegrations:\n  pagerduty:\n    service-url: ${url}\n`);
const backstage = (annotations: string) =>
  read(
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  annotations: {${annotations}}\n`,
  );

describe('a PagerDuty URL', () => {
  it.each([
    [
      'of an account',
      'https://acme.pagerduty.com/service-directory/PF9KMXH',
      { host: 'acme.pagerduty.com', id: 'PF9KMXH' },
    ],
    [
      'of an account with a newer id',
      'https://acme.pagerduty.com/services/P0123456789ABC',
      { host: 'acme.pagerduty.com', id: 'P0123456789ABC' },
    ],
    ['in quotes that is empty', '""', undefined],
  ])('%s is taken without a word', (_, url, ref) => {
    expect(datadog(url)).toEqual({ ref, warnings: [] });
  });

  it.each(['www', 'app', 'api', 'api.eu', 'app.eu', 'eu', ''])(
    'on host "%s" names no account, so any fits',
    (host) => {
      const url = `https://${host}${host === '' ? '' : '.'}pagerduty.com/service-directory/PSHOP01`;
      expect(datadog(url)).toEqual({
        ref: { id: 'PSHOP01' },
        warnings: [
          `a.yaml:5: integrations.pagerduty.service-url "${url}" names no account, so service PSHOP01 is looked for in any account (Datadog service definition v2.2)`,
        ],
      });
    },
  );

  it.each([
    [
      'of another site',
      'https://example.com/',
      /:5: .*"https:\/\/example\.com\/" is not the URL of a PagerDuty service and is left out/,
    ],
    ['of an incident', 'https://acme.pagerduty.com/incidents/Q1', /is not the URL/],
    [
      'with a name instead of an id',
      'https://www.pagerduty.com/service-directory/Pshopping-cart',
      /is not the URL/,
    ],
    ['with a word instead of an id', 'https://acme.pagerduty.com/services/TODO', /cannot be the id/],
    ['that is a word', 'TODO', /is not the URL/],
  ])('%s is left out', (_, url, warning) => {
    expect(datadog(url)).toEqual({ ref: undefined, warnings: [expect.stringMatching(warning)] });
  });

  it('whose id does not look like one is taken all the same', () => {
    expect(datadog('https://acme.pagerduty.com/service-directory/XXXXXXX')).toEqual({
      ref: { host: 'acme.pagerduty.com', id: 'XXXXXXX' },
      warnings: [expect.stringContaining('does not look like the id of a PagerDuty service')],
    });
  });

  it('that is not indented is missed, and its author is told', () => {
    const text =
      'schema-version: v2.2\ndd-service: a\nintegrations:\npagerduty:\nservice-url: https://acme.pagerduty.com/service-directory/PF9KMXH\n';
    expect(read(text)).toEqual({
      ref: undefined,
      warnings: [expect.stringMatching(/^a\.yaml:5: service-url stands at the top level/)],
    });
  });
});

describe('PagerDuty annotations', () => {
  it.each<[string, string, object | undefined, RegExp[]]>([
    ['an id', 'pagerduty.com/service-id: PF9KMXH', { id: 'PF9KMXH' }, []],
    [
      'an id and its account',
      'pagerduty.com/service-id: pf9kmxh, pagerduty.com/account: Acme',
      { host: 'acme', id: 'PF9KMXH' },
      [],
    ],
    [
      'an account as a host',
      'pagerduty.com/service-id: PF9KMXH, pagerduty.com/account: acme.eu.pagerduty.com',
      { host: 'acme.eu.pagerduty.com', id: 'PF9KMXH' },
      [],
    ],
    [
      'an account that is none',
      'pagerduty.com/service-id: PF9KMXH, pagerduty.com/account: Our Account',
      { id: 'PF9KMXH' },
      [/^a\.yaml:5: .*"Our Account" is not the subdomain/],
    ],
    [
      'a URL for an id',
      'pagerduty.com/service-id: "https://acme.pagerduty.com/services/PF9KMXH"',
      { host: 'acme.pagerduty.com', id: 'PF9KMXH' },
      [],
    ],
    ['nothing', 'pagerduty.com/service-id:', undefined, []],
    ['a word', 'pagerduty.com/service-id: TODO', undefined, [/"TODO" cannot be the id/]],
    ['none', 'pagerduty.com/service-id: none', undefined, [/"none" cannot be the id/]],
    [
      'a sentence',
      'pagerduty.com/service-id: not an id',
      undefined,
      [/^a\.yaml:5: .*"not an id" is not the id of a PagerDuty service/],
    ],
    ['a number', 'pagerduty.com/service-id: 12', undefined, [/must be text: put it in quotes/]],
    [
      'an integration key for an id',
      `pagerduty.com/service-id: ${'0123456789abcdef'.repeat(2)}`,
      undefined,
      [/is an integration key/],
    ],
    [
      'an integration key alone',
      `pagerduty.com/integration-key: ${'0123456789abcdef'.repeat(2)}`,
      undefined,
      [/no incident is matched by it; add pagerduty\.com\/service-id/],
    ],
    [
      'an integration key and an id',
      'pagerduty.com/integration-key: abc, pagerduty.com/service-id: PF9KMXH',
      { id: 'PF9KMXH' },
      [],
    ],
    [
      'a key with a space',
      '"pagerduty.com/service-id ": PF9KMXH',
      { id: 'PF9KMXH' },
      [/has a space around it/],
    ],
    [
      'a key split at its slash',
      'pagerduty.com: {service-id: PF9KMXH}',
      { id: 'PF9KMXH' },
      [/is a mapping and is read as/],
    ],
  ])('%s', (_, annotations, ref, warnings) => {
    expect(backstage(annotations)).toEqual({
      ref,
      warnings: warnings.map((warning) => expect.stringMatching(warning)),
    });
  });
});
