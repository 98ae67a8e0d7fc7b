import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { bridgeJsonSchema } from '../../../lib/adapters/config/bridge-json-schema.ts';

const published = JSON.parse(readFileSync('infra/bridge.schema.json', 'utf8'));

describe('infra/bridge.schema.json', () => {
  it('is what the code generates (npx tsx infra/generate-schemas.ts writes it anew)', () => {
    expect(published).toEqual(bridgeJsonSchema());
  });

  it('accepts the configuration that ships', () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(published);
    expect(validate(parse(readFileSync('infra/bridge.yml', 'utf8')))).toBe(true);
  });

  it.each([
    { unmached: 'hold' },
    { destinations: [{ name: 'w', type: 'webhook' }] },
    { destinations: [{ name: 'c', type: 'console', url: 'https://example.com' }] },
    { authenticate: { signing_secrets: 'the secret itself' } },
  ])('marks in an editor what the parser refuses: %j', (value) => {
    expect(new Ajv().compile(published)(value)).toBe(false);
  });
});
