import fc from 'fast-check';
import { comparableName, distinctNames, longestName, sameName } from '../../../lib/domain/catalog/names.ts';

describe('names are the same', () => {
  it.each([
    ['when they are equal', 'checkout-api', 'checkout-api'],
    ['in another case', 'Checkout-API', 'checkout-api'],
    ['with space around', '  checkout-api\t', 'checkout-api'],
    ['with more space inside', 'Checkout   API', 'checkout api'],
    ['with a no-break space inside', 'checkout\u00a0api', 'checkout api'],
    ['composed and decomposed', 'caf\u00e9', 'cafe\u0301'],
    ['in full-width letters', '\uff23\uff28\uff25\uff23\uff2b', 'check'],
    ['with a sharp s', 'straße', 'STRASSE'],
    ['with a capital sharp s', 'STRAẞE', 'strasse'],
    ['with a final sigma', 'ΟΔΟΣ', 'οδός'.normalize('NFD').replace(/\u0301/g, '')],
  ])('%s', (_, one, other) => {
    expect(sameName(one, other)).toBe(true);
  });
});

describe('names are different', () => {
  it.each([
    ['with another separator', 'checkout-api', 'checkout api'],
    ['without the separator', 'checkoutapi', 'checkout api'],
    ['with another ending', 'checkout', 'checkout-api'],
    ['with another accent', 'café', 'cafe'],
    ['when both are blank', ' ', ' '],
    ['when one is missing', 'a', undefined],
    ['when both are missing', undefined, undefined],
    ['when both are too long to be looked up', 'x'.repeat(longestName + 1), 'x'.repeat(longestName + 1)],
  ])('%s', (_, one, other) => {
    expect(sameName(one, other)).toBe(false);
  });
});

it('a comparable name is bounded and comparing it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 320 }), (name) => {
      const once = comparableName(name);
      if (once === undefined) return;
      expect(once.length).toBeLessThanOrEqual(longestName);
      expect(once).not.toBe('');
      expect(comparableName(once)).toBe(once);
    }),
    { numRuns: 2000 },
  );
});

it('one spelling stands for all, whatever the order', () => {
  expect(distinctNames(['payments', 'Payments', ' ', 'search'])).toEqual(['Payments', 'search']);
  expect(distinctNames(['search', 'Payments', 'payments'])).toEqual(['Payments', 'search']);
});
