import fc from 'fast-check';
import { harmless } from '../../../lib/adapters/terminal/harmless.ts';

describe('text that is printed', () => {
  it.each<[string, string, string]>([
    ['an escape sequence', 'a\u001b[31mb', 'a\\u001b[31mb'],
    ['the same in one character', 'a\u009b31mb', 'a\\u009b31mb'],
    ['a title for the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
    ['text from right to left', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['isolated text', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['a space of no width', 'check\u200bout', 'check\\u200bout'],
    ['a soft hyphen', 'check\u00adout', 'check\\u00adout'],
    ['an invisible letter', '\u3164', '\\u3164'],
    ['tags', 'hi\u{e0041}', 'hi\\udb40\\udc41'],
    ['variation selectors in which text is hidden', 'a\u{e0150}', 'a\\udb40\\udd50'],
    ['half a character', 'a\ud83d', 'a\\ud83d'],
    ['a line that overwrites itself', 'sent\rnot', 'sent\\u000dnot'],
    ['lines and tabs', 'a\tb\nc\r\n', 'a\tb\nc\r\n'],
    ['what people write', 'Zürich 東京 ☃ 🚒 «x» — ›…', 'Zürich 東京 ☃ 🚒 «x» — ›…'],
  ])('%s', (_, text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it('holds nothing harmful, whatever it was, and is the same when it goes through twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const printed = harmless(text);
        expect(printed).not.toMatch(
          /(?![\n\t\r])[\p{Cc}\p{Bidi_Control}\p{Cs}\u200b-\u200d\ufeff\u{e0000}-\u{e0fff}]/u,
        );
        expect(harmless(printed)).toBe(printed);
      }),
    );
  });

  it('is the same JSON to a machine', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(harmless(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});
