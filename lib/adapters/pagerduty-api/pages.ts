import { member, readId } from '../../domain/pagerduty/loose.ts';
import type { PagerDutyApi } from './api.ts';
import { PagerDutyFault } from './pagerduty-fault.ts';

export interface Listing {
  path: string;
  /** What the items are under in the answer. */
  key: string;
  query?: readonly (readonly [string, string])[];
}

const pageSize = 100;

/**
 * Every item of a list once, page after page: steps on by what came, not by what was asked for, and passes over what
 * comes again, because others change the list meanwhile.
 */
export async function* eachItem(api: PagerDutyApi, { path, key, query = [] }: Listing) {
  const seen = new Set<string>();
  for (let offset = 0; ; ) {
    const paging = [
      ['limit', String(pageSize)],
      ['offset', String(offset)],
    ] as const;
    const { body } = await api.call({ method: 'GET', path, query: [...query, ...paging] });
    const items = body[key];
    if (!Array.isArray(items)) {
      throw new PagerDutyFault('unreadable', `${api.host} answered GET ${path} without \`${key}\``);
    }
    for (const item of items) {
      const id = readId(member(item, 'id'));
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      yield item as unknown;
    }
    if (body['more'] !== true || items.length === 0) return;
    offset += items.length;
  }
}
