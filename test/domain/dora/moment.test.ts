import fc from 'fast-check';
import { parseExactly } from '../../../lib/domain/dora/exact-json.ts';
import { readMoment } from '../../../lib/domain/dora/moment.ts';

const instant = Date.parse('2023-08-31T14:26:14.000Z');
const read = (json: string) => readMoment(parseExactly(json));

describe('a time as somebody reports it', () => {
  test.each([
    ['seconds', '1693491974', instant],
    ['milliseconds', '1693491974000', instant],
    ['nanoseconds', '1693491974000000000', instant],
    ['nanoseconds with a power of ten', '1.693491974e+18', instant],
    ['a number with a zero fraction', '1693491974.0', instant],
    ['seconds as text', '"1693491974"', instant],
    ['nanoseconds as text', '" 1693491974123456789 "', instant + 123],
    ['ISO 8601', '"2023-08-31T14:26:14Z"', instant],
    ['ISO 8601 with an offset and microseconds', '"2023-08-31T16:26:14.123999+02:00"', instant + 123],
    ['ISO 8601 without colon in the offset', '"2023-08-31T16:26:14+0200"', instant],
    ["GitLab's form", '"2023-08-31 16:26:14 +0200"', instant],
    ['the first accepted', '946684800', Date.parse('2000-01-01T00:00:00Z')],
    ['the last accepted', '4102444799', Date.parse('2099-12-31T23:59:59Z')],
  ])('is read: %s', (_what, json, ms) => {
    expect(read(json)).toEqual({ ms });
  });

  test.each([
    ['microseconds', '1693491974000000', 'microseconds'],
    ['a fraction of a second', '1693491974.5', 'fractions'],
    ['a negative number', '-5', 'negative'],
    ['a negative number as text', '"-1693491974"', 'negative'],
    ['1970', '0', 'in the year 1970'],
    ['1970 in milliseconds', '100000000000', 'in the year 1973'],
    ['2100', '4102444800', 'in the year 2100'],
    ['far beyond', '99999999999', 'in the year 5138'],
    ['too many digits', '169349197400000000000000', 'too many digits'],
    ['more digits than are read', `1${'0'.repeat(4000)}`, 'fractions'],
    ['a time without zone', '"2023-08-31T14:26:14"', 'with its zone'],
    ['a date', '"2023-08-31"', 'with its zone'],
    ['30 February', '"2023-02-30T10:00:00Z"', 'with its zone'],
    ['an empty text', '""', 'must be seconds'],
    ['a word', '"yesterday"', 'must be seconds'],
    ['null', 'null', 'must be seconds'],
    ['true', 'true', 'must be seconds'],
    ['a list', '[1693491974]', 'must be seconds'],
    ['an object', '{}', 'must be seconds'],
  ])('is refused: %s', (_what, json, words) => {
    expect(read(json).fault).toContain(words);
  });

  const anyInstant = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2099-12-31') });

  it('loses no millisecond of nanoseconds, written exactly or out of a double', () => {
    fc.assert(
      fc.property(anyInstant, (ms) => {
        expect(read(`${ms}000000`)).toEqual({ ms });
        // As programs write it that multiply a double: the digits are those of the nearest double.
        expect(read(BigInt(ms * 1e6).toString())).toEqual({ ms });
        expect(read(String(ms * 1e6))).toEqual({ ms });
      }),
    );
  });

  it('never goes to the millisecond after', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 0, max: 999_743 }), (ms, nanoseconds) => {
        expect(read(`${ms}${String(nanoseconds).padStart(6, '0')}`)).toEqual({ ms });
      }),
    );
  });

  it('has an answer for any value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true }), (value) => {
        const { ms, fault } = readMoment(value);
        expect((ms === undefined) !== (fault === undefined)).toBe(true);
      }),
    );
  });
});
