import { type AccountService, readAccountService } from '../../domain/pagerduty/account-service.ts';
import type { PagerDutyApi } from './api.ts';
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
