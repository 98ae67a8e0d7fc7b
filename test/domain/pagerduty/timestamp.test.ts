import fc from 'fast-check';
import { parseTimestamp, toIso } from '../../../lib/domain/pagerduty/timestamp.ts';

describe('a timestamp', () => {
  const accepted: [string, string][] = [
    ['2026-03-02T09:58:41Z', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02T09:58:41.1Z', '2026-03-02T09:58:41.100Z'],
    ['2026-03-02T09:58:41.132Z', '2026-03-02T09:58:41.132Z'],
    ['2026-03-02T09:58:41.132999999Z', '2026-03-02T09:58:41.132Z'],
    ['2026-03-02T10:58:41+01:00', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02T04:28:41.5-05:30', '2026-03-02T09:58:41.500Z'],
    ['2026-03-02T10:58:41+0100', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02T10:58:41+01', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02T09:58:41-00:00', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02t09:58:41z', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02 09:58:41Z', '2026-03-02T09:58:41.000Z'],
    ['2026-03-02T09:58Z', '2026-03-02T09:58:00.000Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ];
  it.each(accepted)('%s is %s', (text, iso) => {
    const ms = parseTimestamp(text);
    expect(ms === undefined ? undefined : toIso(ms)).toBe(iso);
  });

  const refused: unknown[] = [
    '',
    'yesterday',
    '2026-03-02',
    '2026-03-02T09:58:41',
    '2026-03-02T09:58:41 ',
    '2026-13-02T09:58:41Z',
    '2026-00-02T09:58:41Z',
    '2026-02-30T09:58:41Z',
    '2025-02-29T09:58:41Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T09:60:00Z',
    '2026-03-02T09:58:61Z',
    '2026-03-02T09:58:41+24:00',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+012026-03-02T09:58:41Z',
    `2026-03-02T09:58:41.${'1'.repeat(100)}Z`,
    1772445521000,
    null,
    undefined,
    {},
    ['2026-03-02T09:58:41Z'],
  ];
  it.each(refused.map((value) => [value]))('%j names no moment', (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });

  it('agrees with the platform for every moment of years 0 to 9999', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0000-01-01T00:00:00.000Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseTimestamp(value) === undefined || true));
  });
});
