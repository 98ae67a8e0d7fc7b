import fc from 'fast-check';
import { readCustomFields } from '../../../lib/domain/pagerduty/custom-fields.ts';

const read = (value: unknown, name: unknown = 'field') => readCustomFields([{ id: 'PFLD1', name, value }]);

describe('custom fields', () => {
  const values: [string, unknown, unknown][] = [
    ['text', 'prod', 'prod'],
    ['a number', 1200, 1200],
    ['a fraction', 0.25, 0.25],
    ['a boolean', false, false],
    ['several values', ['eu', 'us'], ['eu', 'us']],
    ['an object', { a: { b: [1] } }, { a: { b: [1] } }],
    ['nothing', null, null],
    ['a missing value', undefined, null],
    ['negative zero, which JSON cannot keep', -0, 0],
    ["a number beyond the client's range", 2 ** 60, '1152921504606847000'],
    ["a number too small for DynamoDB's range", 1e-200, '1e-200'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    [
      'more levels than DynamoDB nests',
      nested(9),
      { a: { a: { a: { a: { a: '{"a":{"a":{"a":{"a":1}}}}' } } } } },
    ],
    ['a key called __proto__', JSON.parse('{"__proto__":{"x":1},"y":2}'), { y: 2 }],
  ];
  it.each(values)('keep %s', (_what, value, expected) => {
    expect(read(value)).toEqual([{ name: 'field', value: expected }]);
  });

  it('keep the beginning of a very long value', () => {
    const [text] = read('x'.repeat(5000));
    expect(text?.value).toHaveLength(1000);
    expect(String(text?.value).endsWith('x…')).toBe(true);
    const [list] = read(Array.from({ length: 5000 }, () => 'x'));
    expect(String(list?.value).startsWith('["x","x"')).toBe(true);
  });

  const named: [unknown, string[]][] = [
    ['environment', ['environment']],
    [' environment ', ['environment']],
    [null, ['PFLD1']],
    ['', ['PFLD1']],
    ['__proto__', []],
  ];
  it.each(named)('called %j are %j', (name, expected) => {
    expect(read('x', name).map((field) => field.name)).toEqual(expected);
  });

  const nothing: unknown[] = [undefined, null, 'text', {}, [], [null], [{}], [{ value: 1 }]];
  it.each(nothing.map((value) => [value]))('in %j are none', (value) => {
    expect(readCustomFields(value)).toEqual([]);
  });

  it('survive being written down, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.string(), value: fc.jsonValue() })), (list) => {
        const fields = readCustomFields(list);
        expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
      }),
    );
  });
});

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) };
}
