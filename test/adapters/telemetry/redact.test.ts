import fc from 'fast-check';
import { redact } from '../../../lib/adapters/telemetry/redact.ts';

const hex = 'ab12'.repeat(16);

describe('what never reaches a log', () => {
  it.each<[string, unknown]>([
    ['a signing secret by its key', { signing_secrets: 's3cr3t-value' }],
    ['a list of them', { secrets: ['s3cr3t-value'] }],
    ['a nested one', { config: { destination: [{ secret: 's3cr3t-value' }] } }],
    ['an authorization header', { headers: { Authorization: 's3cr3t-value' } }],
    ['the signature header, however spelled', { 'X-PagerDuty-Signature': 's3cr3t-value' }],
    ['the Datadog key header', { 'DD-API-KEY': 's3cr3t-value' }],
    ['an application key', { apiKey: 's3cr3t-value' }],
    ['a session token', { AWS_SESSION_TOKEN: 1, sessionToken: 's3cr3t-value' }],
    ['a secret in a Map', new Map([['password', 's3cr3t-value']])],
    ['a Bearer credential in a message', new Error('refused: Bearer s3cr3t-value')],
    ['a Standard Webhooks secret', 'configured whsec_s3cr3t-value'],
    ['a password in a URL', 'POST https://me:s3cr3t-value@example.com/x failed'],
    ['a session token that AWS quotes', 'should have been host:x\\nx-amz-security-token:s3cr3t-value\\n'],
    ['a header AWS quotes', '"authorization":"AWS4-HMAC-SHA256 Credential=A/x, Signature=s3cr3t-value"'],
    ['a secret in the cause of an error', new Error('x', { cause: { api_key: 's3cr3t-value' } })],
  ])('%s', (_, value) => {
    expect(JSON.stringify(redact(value))).not.toContain('s3cr3t-value');
  });

  it('PagerDuty signatures and our own, inside any text', () => {
    const text = redact(`header was v1=${hex}, v1=${hex} and v1,${Buffer.from(hex).toString('base64')}`);
    expect(text).toBe('header was v1=[redacted], v1=[redacted] and v1,[redacted]');
  });
});

describe('what stays readable', () => {
  it.each<[string, unknown]>([
    ['references to secrets', { signing_secrets: 'ssm:/pagerduty-bridge/signing-secrets' }],
    ['whether there was a signature', { has_signature: true, signature_count: 2 }],
    [
      'ids and URLs',
      { event_id: '01DEN4HPBQAAAG05V5QQYBRZMF', url: 'https://acme.pagerduty.com/incidents/Q2' },
    ],
    ['absent values', { api_key: null }],
  ])('%s', (_, value) => {
    expect(redact(value)).toEqual(value);
  });

  it('the beginning of an endless text', () => {
    expect(String(redact('x'.repeat(300_000))).length).toBeLessThan(4_100);
  });
});

it('turns anything at all into something JSON can hold, without throwing', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
      expect(() => JSON.stringify(redact(value))).not.toThrow();
    }),
  );
});
