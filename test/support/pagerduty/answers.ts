import type { Account } from './account.ts';

/** What a route is asked with. */
export interface Asking {
  account: Account;
  /** Parts of the path that the route leaves open. */
  ids: string[];
  query: URLSearchParams;
  body: unknown;
}

export interface Told {
  status?: number;
  body?: object;
}

export const refusal = (status: number, code: number, message: string, errors: string[] = []): Told => ({
  status,
  body: { error: { message, code, ...(errors.length > 0 && { errors }) } },
});

const cap = 10_000;

/** A classic page: `limit` and `offset`, at most 100 items, nothing beyond the 10,000th. */
export function page<T>(
  key: string,
  items: readonly T[],
  query: URLSearchParams,
  show: (item: T) => unknown = (item) => item,
): Told {
  const limit = Math.min(Number(query.get('limit') ?? 25), 100);
  const offset = Number(query.get('offset') ?? 0);
  if (offset + limit > cap) {
    return refusal(400, 2001, 'Invalid Input Provided', ['Offset plus limit is greater than 10000.']);
  }
  const total = query.get('total') === 'true' ? items.length : null;
  const more = offset + limit < items.length;
  return { body: { [key]: items.slice(offset, offset + limit).map(show), limit, offset, total, more } };
}
