import fc from 'fast-check';
import { redactSecrets, tokensInUrl } from '../../../lib/adapters/destinations/redact-secrets.ts';

describe('text that others wrote', () => {
  it.each<[string, string, string]>([
    ['key=SECRETSECRET.', 'SECRETSECRET', 'key=[redacted].'],
    ['twice SECRET SECRET', 'SECRET', 'twice [redacted] [redacted]'],
    ['with escaped slashes a\\/b\\/c/d', 'a/b/c', 'with escaped slashes [redacted]/d'],
    ['percent-encoded a%2Fb%2Bc', 'a/b+c', 'percent-encoded [redacted]'],
    ['cut off SECRETSEC', 'SECRETSECRET', 'cut off [redacted]'],
    ['in lower case a%2fb%2bc', 'a/b+c', 'in lower case [redacted]'],
    ['as JSON writes it a\\u002Fb\\u002bc', 'a/b+c', 'as JSON writes it [redacted]'],
    ['as HTML does a&#x2F;b&#43;c, a&sol;b&plus;c', 'a/b+c', 'as HTML does [redacted], [redacted]'],
    ['a mixture a\\/b%2Bc', 'a/b+c', 'a mixture [redacted]'],
    ['every letter &#83;%45\\u0043RET', 'SECRET', 'every letter [redacted]'],
    ['hexadecimal 534543524554.', 'SECRET', 'hexadecimal [redacted].'],
    ['base64 U0VDUkVUUw==', 'SECRETS', 'base64 [redacted]w=='],
    ['Basic dXNlcjpTRUNSRVRTRUNSRVQ=', 'SECRETSECRET', 'Basic dXNlcjp[redacted]Q='],
    ['without its prefix c2VjcmV0', 'whsec_c2VjcmV0', 'without its prefix [redacted]'],
    ['the key it stands for 736563726574', 'whsec_c2VjcmV0', 'the key it stands for [redacted]'],
    ['cut off in a spelling SECRETSE%4', 'SECRETSECRET', 'cut off in a spelling [redacted]'],
    [
      'with longer characters %C3%A9s%C3%A9cret%C3%A9%20',
      'sécret',
      'with longer characters %C3%A9[redacted]%C3%A9%20',
    ],
    [
      'in the midst of longer ones %C3%A9%53%45%43%52%45%54%20.',
      'SECRET',
      'in the midst of longer ones [redacted].',
    ],
    ['with one of its own %41SECRET', '%41SECRET', 'with one of its own [redacted]'],
    ['a space in a form MY+SECRET', 'MY SECRET', 'a space in a form [redacted]'],
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
    [`https://hooks.example.com/in?${token}`, [token]],
    [`https://user:${token}@hooks.example.com/in`, [token]],
    ['https://hooks.example.com/%zz-not-an-encoding', ['%zz-not-an-encoding']],
  ])('%s: %j', (url, expected) => {
    expect([...new Set(tokensInUrl(url))]).toEqual(expected);
  });
});
