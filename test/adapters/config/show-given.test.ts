import { parseBridgeConfig } from '../../../lib/adapters/config/parse-bridge-config.ts';
import { showGiven } from '../../../lib/adapters/config/show-given.ts';

describe('what somebody wrote into the configuration', () => {
  it.each(['holdd', 'default_environment', 'unmatched', 'RETRY', 'cdEvents', 'datadog-eu', 'apiKeys2', ''])(
    'is shown if it is a word: %j',
    (word) => {
      expect(showGiven(word)).toBe(word);
    },
  );

  it.each(['whsec_c2VjcmV0c2VjcmV0', 'q7KsecretQ7', 'aGVsbG8gd29ybGQ=', '0123456789abcdef', 'a'.repeat(60)])(
    'is not repeated if it may be a secret: %j',
    (secret) => {
      expect(showGiven(secret)).toBe(`${secret.slice(0, 3)}…`);
    },
  );
});

const secret = 'whsec_SECRETsecret1234567890';
const config = (destination: string, top = '') =>
  `authenticate: { signing_secrets: env:A }\n${top}\ndestinations: [${destination}]\n`;
const webhook = (more: string) => config(`{ name: x, type: webhook, url: "https://a.b", ${more} }`);

it.each([
  ['a type', config(`{ name: x, type: ${secret} }`)],
  ['a name', config(`{ name: ${secret}, type: console }`)],
  ['a format', webhook(`format: ${secret}`)],
  ['a level of content', webhook(`content: ${secret}`)],
  ['an event type', webhook(`events: [${secret}]`)],
  ['an urgency', webhook(`only: { urgencies: [${secret}] }`)],
  ['a reference', webhook(`secret: ${secret}`)],
  ['a number', webhook(`timeout_seconds: ${secret}`)],
  ['a key of a destination', webhook(`${secret}: 1`)],
  ['a key', config('', `${secret}: 1`)],
  ['a fixed word', config('', `unmatched: ${secret}`)],
  ['an account', config('', `account_aliases: { ${secret}: "${secret}/" }`)],
  ['a site', config(`{ name: x, type: datadog, api_key: env:A, site: ${secret} }`)],
  ['a queue', config(`{ name: x, type: sqs, queue_url: "${secret}" }`)],
  ['an alias of YAML', `a: *${secret}`],
  ['a tag of YAML', `a: !${secret} b`],
])('a secret in the place of %s is refused and not repeated', (_, text) => {
  const parsed = parseBridgeConfig(text);
  if (!('faults' in parsed)) throw new Error('it was accepted');
  expect(JSON.stringify(parsed.faults)).not.toMatch(/SECRETsecret/);
});
