import fc from 'fast-check';
import { redactSecrets, tokensInUrl } from '../../../lib/adapters/destinations/redact-secrets.ts';

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

describe('what may authorize in a URL', () => {
  const token = 'XvQ8Zr3kT0pLw6Yb1NdM4c7h';
  it.each<[string, string[]]>([
    ['https://hooks.example.com/incidents/v2', []],
    [`https://hooks.example.com/services/T01/${token}`, [token]],
    [`https://hooks.example.com/in?key=${token}&format=event`, [token]],
    ['https://hooks.example.com/a%2Fb%2Fc%2Fd%2Fe%2Ff', ['a%2Fb%2Fc%2Fd%2Fe%2Ff', 'a/b/c/d/e/f']],
    ['https://hooks.example.com/%zz-not-an-encoding', ['%zz-not-an-encoding']],
  ])('%s: %j', (url, expected) => {
    expect([...new Set(tokensInUrl(url))]).toEqual(expected);
  });
});
