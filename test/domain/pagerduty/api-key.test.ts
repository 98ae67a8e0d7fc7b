import fc from 'fast-check';
import { verifyApiKey } from '../../../lib/domain/pagerduty/api-key.ts';

describe('an API key', () => {
  const rows: [string, string | undefined, string[], boolean][] = [
    ['the only one', 'k-123', ['k-123'], true],
    ['the second of several', 'k-456', ['k-123', 'k-456'], true],
    ['one with white space around it', ' k-123 ', ['k-123'], true],
    ['another one', 'k-124', ['k-123'], false],
    ['a prefix', 'k-12', ['k-123'], false],
    ['a longer one', 'k-1234', ['k-123'], false],
    ['another case', 'K-123', ['k-123'], false],
    ['none', undefined, ['k-123'], false],
    ['an empty one', '', ['', 'k-123'], false],
    ['a blank one', '  ', ['  ', ''], false],
    ['any, but none is configured', 'k-123', [], false],
    ['several at once', 'k-123,k-456', ['k-123', 'k-456'], false],
  ];
  it.each(rows)('%s', (_what, candidate, keys, expected) => {
    expect(verifyApiKey(candidate, keys)).toBe(expected);
  });

  it('never throws, whatever it is given', () => {
    const anything = fc.anything() as fc.Arbitrary<never>;
    fc.assert(
      fc.property(
        anything,
        fc.array(anything),
        (candidate, keys) => typeof verifyApiKey(candidate, keys) === 'boolean',
      ),
    );
  });
});
