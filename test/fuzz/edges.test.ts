import fc from 'fast-check';
import { parseBridgeConfig } from '../../lib/adapters/config/parse-bridge-config.ts';
import { parseDefinitions } from '../../lib/domain/catalog/parse-definitions.ts';
import { sign, verifySignature } from '../../lib/domain/pagerduty/signature.ts';
import { parseWebhook } from '../../lib/domain/pagerduty/webhook.ts';
import { sampleEvent, sampleTypes } from '../support/webhooks.ts';

const secret = 'fuzzed-secret';

describe('whatever arrives at an edge', () => {
  it('no bytes make the webhook parser throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), jsonBytes()), (bytes) => {
        expect(['event', 'ping', 'unreadable']).toContain(parseWebhook(bytes).kind);
      }),
      { numRuns: 1_000 },
    );
  });

  it('no bytes and no header are taken for authentic by chance', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, header) => {
        expect(verifySignature(bytes, header, [secret])).toBe(false);
        expect(verifySignature(bytes, `v1=${header}`, ['', ' '])).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('every single-bit change of a signed body is refused', () => {
    const body = new TextEncoder().encode(JSON.stringify(sampleEvent('incident.triggered')));
    const signature = sign(body, secret);
    expect(verifySignature(body, signature, [secret])).toBe(true);
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Uint8Array.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (verifySignature(changed, signature, [secret])) throw new Error(`bit ${bit} was changed unnoticed`);
    }
  });

  it('no text makes the catalog readers throw, and what they refuse they explain', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), yamlish()),
        fc.constantFrom('a.yaml', 'a.json', 'a.yml'),
        (text, file) => {
          for (const finding of parseDefinitions(file, text).findings) {
            expect(finding.reason.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('no text makes the configuration parser throw: it is a configuration or it has faults', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish()), (text) => {
        const parsed = parseBridgeConfig(text);
        expect('config' in parsed && parsed.config !== undefined ? 0 : parsed.faults?.length).not.toBe(
          undefined,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Sample events with one part replaced by anything. */
function jsonBytes() {
  return fc.tuple(fc.constantFrom(...sampleTypes), fc.string(), fc.jsonValue()).map(([type, key, value]) => {
    const { event } = sampleEvent(type);
    const changed = { event: { ...event, [key || 'data']: value, data: { ...event.data, [key]: value } } };
    return new TextEncoder().encode(JSON.stringify(changed));
  });
}

/** Texts in which the words the readers look for turn up in wrong places. */
function yamlish() {
  const word = fc.constantFrom(
    'schema-version: v2.2',
    'dd-service',
    'apiVersion: v3',
    'kind: Component',
    'metadata:',
    '  name: x',
    'spec: {owner: [}',
    'integrations: {pagerduty: {service-url: 3}}',
    '---',
    '- *a',
    '&a',
    'destinations:',
    '  - { name: a, type: webhook, url: "http://x" }',
    'unmatched: 7',
    'authenticate: null',
  );
  return fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((lines) => lines.join('\n'));
}
