import fc from 'fast-check';
import { redactSecrets } from '../../lib/destinations/redact-secrets.ts';

describe('text that others wrote', () => {
  it.each<[string, string, string]>([
    ['key=SECRETSECRET.', 'SECRETSECRET', 'key=[redacted].'],
    ['twice SECRET SECRET', 'SECRET', 'twice [redacted] [redacted]'],
    ['with escaped slashes a\\/b\\/c/d', 'a/b/c', 'with escaped slashes [redacted]/d'],
    ['percent-encoded a%2Fb%2Bc', 'a/b+c', 'percent-encoded [redacted]'],
    ['cut off SECRETSEC', 'SECRETSECRET', 'cut off [redacted]'],
    ['no secret in it', 'SECRET', 'no secret in it'],
    ['a short one is a word', 'one', 'a short one is a word'],
    ['', 'SECRET', ''],
  ])('%j without %j is %j', (text, secret, expected) => {
    expect(redactSecrets([secret])(text)).toBe(expected);
  });

  it('takes out the longer of two secrets that begin alike', () => {
    expect(redactSecrets(['abcd', 'abcdefgh'])('abcdefgh')).toBe('[redacted]');
  });

  it('never contains a secret, wherever it stands', () => {
    const secret = 'q7KsecretQ7secret';
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(secret), fc.string())), (parts) => {
        return !redactSecrets([secret])(parts.join('')).includes(secret);
      }),
    );
  });
});
