/**
 * Which PagerDuty service a URL means. Webhooks say `https://acme.pagerduty.com/services/PF9KMXH` where the
 * REST API and catalogs say `https://acme.pagerduty.com/service-directory/PF9KMXH`, so URLs are never
 * compared as text but as account host and service id.
 */
export interface ServiceRef {
  /**
   * The account's host in lower case, such as `acme.eu.pagerduty.com`; only `acme` where the region is not known;
   * absent where only the id is.
   */
  host?: string;
  /** In upper case. */
  id: string;
}

const scheme = /^(?:https?:)?\/\//i;
const accountHost = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*pagerduty\.com$/;
/** PagerDuty's own hosts, which say nothing about whose service it is. */
const noAccount = /^(?:(?:www|app|api)\.)?(?:eu\.)?pagerduty\.com$/;
const servicePath = /^\/+(?:services|service-directory)\/+([a-z0-9]{1,64})(?:$|[/?#])/i;
const bareId = /^[a-z0-9]{1,64}$/i;

/**
 * Accepts a missing scheme, any case of the host, a port, a trailing slash and whatever follows the id
 * (`/activity`, `?tab=…`). A URL on a host of no account (`www.pagerduty.com`) gives the id alone; anything that does
 * not name a PagerDuty service is undefined.
 */
export function parseServiceUrl(text: string): ServiceRef | undefined {
  const address = text.trim().replace(scheme, '');
  const pathAt = address.search(/[/?#]/);
  if (pathAt < 0) return undefined;
  const host = address
    .slice(0, pathAt)
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '');
  if (!accountHost.test(host)) return undefined;
  const id = servicePath.exec(address.slice(pathAt))?.[1];
  if (id === undefined) return undefined;
  return noAccount.test(host) ? { id: id.toUpperCase() } : { host, id: id.toUpperCase() };
}

/** A service id on its own, as Backstage annotations carry it. */
export function parseServiceId(text: string): ServiceRef | undefined {
  const id = text.trim();
  return bareId.test(id) ? { id: id.toUpperCase() } : undefined;
}

/** Whether two hosts can be one account's: one that is not known fits any, one without its region fits each region. */
export function sameAccount(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return true;
  return isSubdomainOf(one, other) || isSubdomainOf(other, one);
}

const isSubdomainOf = (account: string, host: string): boolean =>
  !account.includes('.') && host.startsWith(`${account}.`);

/** How a service is shown in sentences: `acme.pagerduty.com/services/PF9KMXH`, or the id alone. */
export function showServiceRef({ host, id }: ServiceRef): string {
  if (host === undefined) return id;
  return `${host.includes('.') ? host : `${host}.pagerduty.com`}/services/${id}`;
}
