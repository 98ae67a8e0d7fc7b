import fc from 'fast-check';
import { cut, cutVisibly } from '../../../lib/domain/text/cut.ts';

describe('a text that is cut', () => {
  it.each([
    ['plain', 3, 'pla', 'pl…'],
    ['plain', 5, 'plain', 'plain'],
    ['ab😀', 3, 'ab', 'ab…'],
    ['ab😀', 4, 'ab😀', 'ab😀'],
    ['😀😀', 3, '😀', '😀…'],
    ['\ud83d alone', 40, '\ufffd alone', '\ufffd alone'],
    ['', 3, '', ''],
  ])('%j at %i is %j, or visibly %j', (text, limit, hidden, visible) => {
    expect([cut(text, limit), cutVisibly(text, limit)]).toEqual([hidden, visible]);
  });

  it('is never longer than asked, never holds half a character, and is a beginning of what it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a', '😀'), maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (some, halves, limit) => {
          const text = some + halves;
          const whole = new TextDecoder().decode(new TextEncoder().encode(text));
          for (const shown of [cut(text, limit), cutVisibly(text, limit)]) {
            expect(shown.length).toBeLessThanOrEqual(limit);
            expect(shown).not.toMatch(/\p{Surrogate}/u);
            expect(whole.startsWith(shown.replace(/…$/, ''))).toBe(true);
          }
        },
      ),
    );
  });
});
