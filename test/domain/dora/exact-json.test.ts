import fc from 'fast-check';
import { parseExactly } from '../../../lib/domain/dora/exact-json.ts';

describe('JSON with exact numbers', () => {
  test.each<[string, unknown]>([
    ['1693491974123456789', 1693491974123456789n],
    ['-1693491974123456789', -1693491974123456789n],
    ['1.693491974123456789e18', 1693491974123456789n],
    ['1.6934919741234567891e18', Number('1.6934919741234567891e18')],
    ['12e400', Infinity],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['1.5', 1.5],
    ['-0.0', -0],
    ['1e-400', 0],
  ])('reads %s', (text, value) => {
    expect(parseExactly(text)).toEqual(value);
  });

  it('takes the last of a key given twice', () => {
    expect(parseExactly('{"a":1,"a":2,"a":2}')).toEqual({ a: 2 });
  });

  it('keeps __proto__ a key like any other', () => {
    const value = parseExactly('{"__proto__":{"admin":true}}') as { admin?: boolean };
    expect(value.admin).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  it('refuses what is nested deeper than the stack', () => {
    expect(() => parseExactly('['.repeat(1_000_000))).toThrow();
  });

  it('reads what JSON.parse reads, as it does, where numbers are small', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const strip = (value: unknown) =>
          JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? Number(each) : each));
        expect(strip(parseExactly(text))).toBe(strip(JSON.parse(text)));
      }),
    );
  });
});
