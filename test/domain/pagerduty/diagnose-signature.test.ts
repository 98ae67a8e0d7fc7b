import { diagnoseSignature } from '../../../lib/domain/pagerduty/diagnose-signature.ts';
import { sign } from '../../../lib/domain/pagerduty/signature.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const secret = 'Kq0r8+0c2Zx7n1mPz3w9fA==';
const document = {
  event: {
    id: '01',
    data: { title: 'Käse <b>', url: 'https://acme.pagerduty.com/x', tags: ['a', 1, null, {}] },
  },
};
const text = JSON.stringify(document);
const body = utf8(text);
const right = sign(body, secret);
const latin1 = (raw: Uint8Array) => utf8(String.fromCharCode(...raw));
const python =
  '{"event": {"id": "01", "data": {"title": "K\\u00e4se <b>", "url": "https://acme.pagerduty.com/x", "tags": ["a", 1, null, {}]}}}';

const rows: [what: string, code: string, body: Uint8Array, header: string | undefined, secrets: string[]][] =
  [
    ['no secret', 'no_secret', body, right, []],
    ['a blank secret', 'no_secret', body, right, [' ']],
    ['no header', 'no_signature', body, undefined, [secret]],
    ['an empty header', 'no_signature', body, ' , ', [secret]],
    ['another version', 'wrong_version', body, right.replace('v1', 'v2'), [secret]],
    ["GitHub's kind of signature", 'wrong_version', body, right.replace('v1', 'sha256'), [secret]],
    ['the digits without the version', 'wrong_version', body, right.slice(3), [secret]],
    ['a signature cut off', 'truncated_signature', body, right.slice(0, 40), [secret]],
    ['another signature cut off', 'truncated_signature', body, `v1=${'0'.repeat(40)}`, [secret]],
    ['something else', 'malformed_signature', body, 'Bearer abc', [secret]],
    ['a secret with a newline', 'whitespace_in_secret', body, right, [`${secret}\n`]],
    ['a secret with spaces', 'whitespace_in_secret', body, right, ['other', ` ${secret} `]],
    ['a secret in quotation marks', 'quoted_secret', body, right, [`"${secret}"`]],
    ['two secrets in one', 'several_secrets_in_one', body, right, [`other,${secret}`]],
    ['a secret decoded from base64', 'decoded_secret', body, sign(body, btoa('my secret')), ['my secret']],
    ['a secret encoded again', 'decoded_secret', body, right, [btoa(secret)]],
    ['a body with a trailing newline', 'line_ending', utf8(`${text}\n`), right, [secret]],
    ['a body whose trailing newline is gone', 'line_ending', body, sign(utf8(`${text}\n`), secret), [secret]],
    [
      'a body with converted line endings',
      'line_ending',
      utf8('{\r\n}'),
      sign(utf8('{\n}'), secret),
      [secret],
    ],
    [
      'a body with a newline and a secret with one too',
      'line_ending',
      utf8(`${text}\n`),
      right,
      [`${secret}\n`],
    ],
    ['a body with a byte order mark', 'byte_order_mark', utf8(`\ufeff${text}`), right, [secret]],
    ['a body still in base64', 'base64_body', utf8(Buffer.from(body).toString('base64')), right, [secret]],
    ['a body read as Latin-1', 'wrong_encoding', latin1(body), right, [secret]],
    [
      'a body printed prettily',
      'reserialized_body',
      utf8(JSON.stringify(document, null, 2)),
      right,
      [secret],
    ],
    ["a body written by Python's json", 'reserialized_body', utf8(python), right, [secret]],
    ["a body read from Python's json", 'reserialized_body', body, sign(utf8(python), secret), [secret]],
    [
      "a body from PHP's json_encode",
      'reserialized_body',
      body,
      sign(utf8(text.replaceAll('/', '\\/').replace('ä', '\\u00e4')), secret),
      [secret],
    ],
    [
      "a body from Go's json.Marshal",
      'reserialized_body',
      body,
      sign(utf8(text.replace('<b>', '\\u003cb\\u003e')), secret),
      [secret],
    ],
    ['another secret', 'wrong_secret', body, right, ['AnotherSubscriptionsSecret']],
    ['another body', 'wrong_secret', utf8('{"event":{"id":"02"}}'), right, [secret]],
    ['a body that is not JSON', 'wrong_secret', utf8('event=1'), right, [secret]],
    ['a body that is not UTF-8', 'wrong_secret', Uint8Array.from([0xff, 0xfe]), right, [secret]],
  ];

describe('the diagnosis', () => {
  it.each(rows)('finds %s: %s', (_what, code, bytes, header, secrets) => {
    const diagnosis = diagnoseSignature(bytes, header, secrets);
    expect(diagnosis).toMatchObject({ authentic: false, code, certain: code !== 'wrong_secret' });
    if (!diagnosis.authentic) {
      expect(diagnosis.reason).toMatch(/^[A-Z].*\.$/);
      expect(diagnosis.remedy).toMatch(/^[A-Z].*\.$/);
      expect(JSON.stringify(diagnosis)).not.toContain(secret);
    }
  });

  it('has nothing to say about an authentic request', () => {
    expect(diagnoseSignature(body, `v1=00, ${right}`, ['other', secret])).toEqual({ authentic: true });
  });
});
