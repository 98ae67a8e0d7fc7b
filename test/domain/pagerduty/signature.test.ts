import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { sign, verifySignature } from '../../../lib/domain/pagerduty/signature.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const body = utf8('{"event":{"id":"01KJQ7S4M0"}}');
const secret = 'Kq0r8+0c2Zx7n1mPz3w9fA==';
const other = 'AnotherSubscriptionsSecret';

/** Published samples of HMAC-SHA256, and some made with OpenSSL and with Python's hmac module. */
const samples: [source: string, secret: string, body: Uint8Array, hex: string][] = [
  [
    'RFC 4231, case 1',
    '\x0b'.repeat(20),
    utf8('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    'RFC 4231, case 2',
    'Jefe',
    utf8('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'RFC 4231, case 4, whose data is not UTF-8',
    String.fromCharCode(...Array.from({ length: 25 }, (_, index) => index + 1)),
    new Uint8Array(50).fill(0xcd),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  [
    'the sample of Wikipedia',
    'key',
    utf8('The quick brown fox jumps over the lazy dog'),
    'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8',
  ],
  [
    "GitHub's sample for webhooks",
    "It's a Secret to Everybody",
    utf8('Hello, World!'),
    '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  ],
  [
    'OpenSSL, secret and body beyond ASCII',
    'clé-秘密',
    utf8('{"titre":"Käse 🔥 支払い"}'),
    'afd169ebe54fc311388adc4c825cd3052484bae8809d325ab40f90d446b6a1b2',
  ],
  [
    'Python, a secret that looks like base64 is used as the text it is',
    'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itB',
    utf8('{"event":{"id":"01"}}'),
    'a256a96feb984613433cab4ef606d49f2a40bf81931ea777f73daba4df9333f5',
  ],
  [
    'Python, a body that is not UTF-8',
    'secret',
    Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x00, 0x22, 0x7d]),
    '7b36c59c8aa27d251db04898c1c6c6536947d1232324f7857e77d1f8595da65e',
  ],
  [
    'Python, an empty body',
    'secret',
    new Uint8Array(),
    'f9e66e179b6747ae54108f82f8ade8b3c25d76fd30afde6c395822c530196169',
  ],
];

describe('the signature of a body', () => {
  it.each(samples)('is that of %s', (_source, key, bytes, hex) => {
    expect(sign(bytes, key)).toBe(`v1=${hex}`);
    // The key of case 1 is white space, which is no secret.
    expect(verifySignature(bytes, `v1=${hex}`, [key])).toBe(key.trim() !== '');
  });

  it('covers the bytes, so the same bytes in a Buffer, a view or base64 are the same body', () => {
    const text = '{"title":"Suche liefert keine Treffer für „Käse“ 🔥"}';
    const expected = `v1=${createHmac('sha256', secret).update(text, 'utf8').digest('hex')}`;
    const padded = Buffer.concat([Buffer.from('xx'), Buffer.from(text), Buffer.from('yy')]);
    const forms = [
      utf8(text),
      Buffer.from(text),
      Buffer.from(Buffer.from(text).toString('base64'), 'base64'),
      padded.subarray(2, -2),
    ];
    for (const form of forms) expect(verifySignature(form, expected, [secret])).toBe(true);
  });
});

const good = sign(body, secret);
const wrong = sign(body, other);

describe('a header', () => {
  const accepted: [string, string, string[]][] = [
    ['one signature', good, [secret]],
    ['the right one first', `${good},${wrong}`, [secret]],
    ['the right one last', `${wrong},${good}`, [secret]],
    ['spaces after commas', `${wrong}, ${good}`, [secret]],
    ['white space around', `  ${good}\t`, [secret]],
    ['an unknown version beside it', `v2=abc,${good}`, [secret]],
    ['a malformed one beside it', `v1=,v1=zz,,${good}`, [secret]],
    ['hexadecimal digits in upper case', `v1=${good.slice(3).toUpperCase()}`, [secret]],
    ['a receiver that already has the next secret', good, [other, secret]],
    ['a receiver that still has the last secret', good, [secret, other]],
    ['an empty secret beside the right one', good, ['', secret]],
  ];
  it.each(accepted)('is accepted with %s', (_what, header, secrets) => {
    expect(verifySignature(body, header, secrets)).toBe(true);
  });

  const empty = sign(body, '');
  const refused: [string, string | undefined, string[]][] = [
    ['no header', undefined, [secret]],
    ['an empty header', '', [secret]],
    ['only commas', ',,,', [secret]],
    ['another secret', wrong, [secret]],
    ['no secrets', good, []],
    ['an empty secret', empty, ['']],
    ['a blank secret', sign(body, ' '), [' ']],
    ['the bare digits', good.slice(3), [secret]],
    ['another version', good.replace('v1', 'v2'), [secret]],
    ['a version in upper case', good.replace('v1', 'V1'), [secret]],
    ['a digit missing', good.slice(0, -1), [secret]],
    ['a digit too many', `${good}0`, [secret]],
    ['an empty signature', 'v1=', [secret]],
    ['something that is not hexadecimal', `v1=${'g'.repeat(64)}`, [secret]],
    ['a prefix of the right one', good.slice(0, 20), [secret]],
    ['two halves', `${good.slice(0, 35)},${good.slice(35)}`, [secret]],
    ['a space inside', `v1= ${good.slice(3)}`, [secret]],
    ['a secret that contains the right one', good, [`${secret},${other}`]],
    ['the secret with a newline', good, [`${secret}\n`]],
  ];
  it.each(refused)('is refused with %s', (_what, header, secrets) => {
    expect(verifySignature(body, header, secrets)).toBe(false);
  });
});

describe('verification', () => {
  it('refuses every body that differs from the signed one by a single bit', () => {
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const changed = Uint8Array.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifySignature(changed, good, [secret])).toBe(false);
    }
  });

  it('refuses every signature that differs from the right one by a single digit', () => {
    for (let index = 3; index < good.length; index += 1) {
      for (const digit of '0123456789abcdef') {
        if (digit === good[index]) continue;
        const changed = good.slice(0, index) + digit + good.slice(index + 1);
        expect(verifySignature(body, changed, [secret])).toBe(false);
      }
    }
  });

  it('refuses a body that was parsed and written again', () => {
    const spaced = utf8('{ "event": { "id": "01KJQ7S4M0" } }');
    const signature = sign(spaced, secret);
    expect(verifySignature(spaced, signature, [secret])).toBe(true);
    const again = utf8(JSON.stringify(JSON.parse(new TextDecoder().decode(spaced))));
    expect(verifySignature(again, signature, [secret])).toBe(false);
  });

  it('accepts what was signed and nothing else, for any bytes and any secret', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.uint8Array(),
        fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.trim() !== ''),
        (bytes, others, key) => {
          const same = Buffer.compare(bytes, others) === 0;
          expect(verifySignature(bytes, sign(bytes, key), [key])).toBe(true);
          expect(verifySignature(others, sign(bytes, key), [key])).toBe(same);
        },
      ),
    );
  });

  it('never throws, whatever it is given', () => {
    const anything = fc.anything() as fc.Arbitrary<never>;
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.string({ unit: 'binary' }),
        fc.array(fc.string()),
        (bytes, header, secrets) => {
          expect(verifySignature(bytes, header, secrets)).toBe(false);
        },
      ),
    );
    fc.assert(
      fc.property(anything, anything, fc.array(anything), (bytes, header, secrets) => {
        expect(verifySignature(bytes, header, secrets)).toBe(false);
        expect(verifySignature(body, good, secrets)).toBe(false);
        expect(verifySignature(bytes, good, [secret])).toBe(false);
      }),
    );
  });

  it('compares in constant time: the only comparison in its source is timingSafeEqual', async () => {
    const { readFileSync } = await import('node:fs');
    const source = readFileSync('lib/domain/pagerduty/signature.ts', 'utf8');
    const verifying = source.slice(source.indexOf('export function verifySignature'));
    expect(verifying).toContain('timingSafeEqual(expected, signature)');
    expect(verifying).not.toMatch(/expected\s*===?|===?\s*expected|includes\(|\.equals\(|some\(/);
  });
});
