import { type AccountService, readAccountService } from '../../domain/pagerduty/account-service.ts';
import type { PagerDutyApi } from './api.ts';
import { absentIfNotFound } from './pagerduty-fault.ts';
import { eachItem } from './pages.ts';

/** Every service of the account, disabled ones too. Scope: services.read. */
export async function listServices(api: PagerDutyApi): Promise<AccountService[]> {
  const services: AccountService[] = [];
  const listing = { path: '/services', key: 'services', query: [['sort_by', 'name:asc']] as const };
  for await (const item of eachItem(api, listing)) {
    const service = readAccountService(item);
    if (service !== undefined) services.push(service);
  }
  return services;
}

/** One of them; undefined where there is none (any more). */
export async function readOneService(api: PagerDutyApi, id: string): Promise<AccountService | undefined> {
  const path = `/services/${encodeURIComponent(id)}`;
  const answer = await absentIfNotFound(api.call({ method: 'GET', path }));
  return answer && readAccountService(answer.body['service']);
}
