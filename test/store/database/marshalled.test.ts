import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { marshalled } from '../../../lib/store/database/marshalled.ts';
import { prototypeNames } from '../../support/prototype-names.ts';

const back = (row: Record<string, unknown>) => unmarshall(marshalled(row));

describe('a row on its way to DynamoDB', () => {
  it('comes back as it was, whatever the keys of its maps are called', () => {
    const name = fc.oneof(fc.constantFrom(...prototypeNames), fc.string({ maxLength: 8 }));
    const key = name.filter((text) => text !== '__proto__');
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        scalar,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).node;
    fc.assert(fc.property(value, (value) => expect(back({ value })).toEqual({ value })));
  });

  it.each(['Set', 'Map', 'Number', 'String', 'Uint8Array', 'Object'])(
    'takes a map that says it is a %s for a map',
    (name) => {
      const fields = { constructor: { name }, size: 1 };
      expect(back({ fields })).toEqual({ fields });
    },
  );

  it('keeps sets, leaves out what is undefined and takes objects without a prototype', () => {
    const bare = Object.assign(Object.create(null), { a: 1 });
    expect(back({ names: new Set(['a']), gone: undefined, bare, list: [{ gone: undefined }] })).toEqual({
      names: new Set(['a']),
      bare: { a: 1 },
      list: [{}],
    });
  });
});
