import { keySafe } from '../subject/log-key.ts';
import { cutVisibly } from '../text/cut.ts';
import { wellFormed } from '../text/well-formed.ts';
import type { PagerDutyRef } from './reference.ts';
import { parseTimestamp, toIso } from './timestamp.ts';

/**
 * Readers for payloads that are not ours: any of their fields may be null, missing or of another kind one day,
 * and none of that may cost an event. Each answers undefined for what it cannot use.
 */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

export function items(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Text worth showing. The limit keeps the rows that repeat it far below DynamoDB's 400 KB. */
export function readText(value: unknown, limit = 1024): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return cutVisibly(value, limit);
}

/** Ids are opaque. A number passes only if its digits are beyond doubt: above 2^53 two ids would read the same. */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return wellFormed(value);
  return Number.isSafeInteger(value) && (value as number) >= 0 ? String(value) : undefined;
}

export function readTime(value: unknown): string | undefined {
  const ms = parseTimestamp(value);
  return ms === undefined ? undefined : toIso(ms);
}

/** `self` is left alone: it is the API's address, which names no account. */
export function readReference(value: unknown): PagerDutyRef | undefined {
  const id = readId(member(value, 'id'));
  if (id === undefined) return undefined;
  const name = readName(value);
  const url = readText(member(value, 'html_url'), 2048);
  return { id: keySafe(id), ...(name !== undefined && { name }), ...(url !== undefined && { url }) };
}

export function readName(reference: unknown): string | undefined {
  return readText(member(reference, 'summary'), 255) ?? readText(member(reference, 'name'), 255);
}

/** References without their URL, at most 50: what an incident's teams need. */
export function readTeams(value: unknown): PagerDutyRef[] | undefined {
  return items(value)
    ?.map(readReference)
    .filter((team) => team !== undefined)
    .slice(0, 50)
    .map(({ id, name }) => (name === undefined ? { id } : { id, name }));
}

/** Whether a reference is to a user; integrations, services and rules act too. */
export function isPerson(reference: unknown): boolean {
  const type = member(reference, 'type');
  return type === 'user_reference' || type === 'user';
}
