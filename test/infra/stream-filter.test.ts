import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isPassed } from './stream-filter.ts';

/**
 * What Lambda documents for the filters of its event sources: values, null, "" and these. EventBridge's rules know more
 * (`anything-but` of a prefix, `wildcard`, `cidr`), and no emulator tells them apart.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
const documented: Record<string, (operand: unknown) => boolean> = {
  'anything-but': (operand) => Array.isArray(operand) && operand.every((value) => typeof value === 'string'),
  numeric: Array.isArray,
  exists: (operand) => typeof operand === 'boolean',
  prefix: (operand) => typeof operand === 'string',
  suffix: (operand) => typeof operand === 'string',
  'equals-ignore-case': (operand) => typeof operand === 'string',
};

/** Every rule of a pattern that is not documented. */
function undocumented(pattern: unknown): unknown[] {
  if (typeof pattern !== 'object' || pattern === null) return [pattern];
  return Object.entries(pattern).flatMap(([key, wanted]) => {
    if (key === '$or') return Array.isArray(wanted) ? wanted.flatMap(undocumented) : [wanted];
    return Array.isArray(wanted) ? wanted.filter((rule) => !isDocumented(rule)) : undocumented(wanted);
  });
}

function isDocumented(rule: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return rule === null || typeof rule === 'string';
  const entries = Object.entries(rule);
  return entries.length === 1 && entries.every(([operator, operand]) => documented[operator]?.(operand));
}

type Functions = Record<string, { events?: { stream?: { filterPatterns?: unknown[] } }[] }>;
// A list of maps: some functions are there only where bridge.yml asks for them.
const { functions } = parse(readFileSync('serverless.yml', 'utf8')) as { functions: (Functions | string)[] };
const patterns = functions
  .flatMap((part) => (typeof part === 'string' ? [] : Object.values(part)))
  .flatMap(({ events = [] }) => (Array.isArray(events) ? events : []))
  .flatMap(({ stream }) => stream?.filterPatterns ?? []);

describe('the filter of the stream', () => {
  it('uses no operator that Lambda does not document', () => {
    expect(patterns).toHaveLength(1);
    expect(patterns.flatMap(undocumented)).toEqual([]);
  });

  it.each([
    { Keys: { incident_id: { S: [{ 'anything-but': { prefix: 'quarantine:' } }] } } },
    { eventName: [{ wildcard: 'INS*' }] },
    { eventName: 'INSERT' },
  ])('would be noticed if it did: %j', (pattern) => {
    expect(undocumented(pattern)).not.toEqual([]);
  });

  it.each([
    ['a new event', 'INSERT', 'Q1', '2026-03-02T10:00:00.000Z#1#A', true],
    ['an event about nothing', 'INSERT', 'other:A', '2026-03-02T10:00:00.000Z#1#A', true],
    ['a body in quarantine', 'INSERT', 'quarantine:ab', 'quarantined', false],
    ['a due mark that moves', 'MODIFY', 'Q1', '2026-03-02T10:00:00.000Z#1#A', false],
    ['expiry', 'REMOVE', 'Q1', '2026-03-02T10:00:00.000Z#1#A', false],
  ])('lets through what wakes the worker: %s', (_, eventName, incident, key, passes) => {
    const record = { eventName, dynamodb: { Keys: { incident_id: { S: incident }, log_key: { S: key } } } };
    expect(patterns.some((pattern) => isPassed(pattern, record))).toBe(passes);
  });
});
