import fc from 'fast-check';
import { keySafe, logKey } from '../../../lib/domain/subject/log-key.ts';

const at = Date.UTC(2026, 2, 2, 10);

describe('the key of an event in its log', () => {
  it('begins with the time, so that a person and DynamoDB can sort by it', () => {
    expect(logKey(at, 'incident.acknowledged', 'E1')).toBe('2026-03-02T10:00:00.000Z#1#E1');
  });

  it('puts triggered first within a millisecond, then goes by event id', () => {
    const keys = [
      logKey(at, 'incident.resolved', 'A'),
      logKey(at + 1, 'incident.triggered', 'A'),
      logKey(at, 'incident.triggered', 'Z'),
      logKey(at, 'incident.acknowledged', 'B'),
    ];
    expect([...keys].sort()).toEqual([keys[2], keys[0], keys[3], keys[1]]);
  });

  it('orders as the times do, for every moment a timestamp can name', () => {
    const moment = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z'),
      max: Date.parse('9999-12-31T23:59:59.999Z'),
    });
    fc.assert(
      fc.property(moment, moment, fc.string(), fc.string(), (a, b, left, right) => {
        if (a !== b) expect(logKey(a, 'x', left) < logKey(b, 'x', right)).toBe(a < b);
      }),
    );
  });

  it('is ASCII and short, and different for different ids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(keySafe(a)).toMatch(/^[\x21-\x7e]{1,200}$/);
        expect(keySafe(a) === keySafe(b)).toBe(a === b);
      }),
    );
    expect(keySafe('x'.repeat(200))).toHaveLength(200);
    expect(keySafe('x'.repeat(201))).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
