import { parseServiceId, parseServiceUrl, type ServiceRef } from '../pagerduty/service-url.ts';

/** What a definition says about its PagerDuty service; without `ref` no incident is matched by it. */
export interface Link {
  ref?: ServiceRef;
  /** What the author should know, to be put behind the name of the key. */
  warning?: string;
}

/** PagerDuty's ids have 7 characters, newer ones 14, and begin with P or Q. */
const plausible = /^[PQ][A-Z0-9]{1,19}$/;
const shortest = 5;
const longest = 20;

/** The URL of a PagerDuty service. One that cannot be used is no reason to refuse the definition: Datadog takes it. */
export function readServiceUrl(text: string): Link {
  const ref = parseServiceUrl(text);
  if (ref === undefined) {
    return {
      warning: `"${text}" is not the URL of a PagerDuty service and is left out; it looks like https://<account>.pagerduty.com/service-directory/P1234567`,
    };
  }
  const link = checkId(ref, text);
  if (link.warning !== undefined || ref.host !== undefined) return link;
  return { ref, warning: `"${text}" names no account, so service ${ref.id} is looked for in any account` };
}

/** A service id as annotations carry it; a URL is taken as well. */
export function readServiceId(text: string): Link {
  if (parseServiceUrl(text) !== undefined) return readServiceUrl(text);
  const ref = parseServiceId(text);
  if (ref !== undefined) return checkId(ref, text);
  return {
    warning: `"${text}" is not the id of a PagerDuty service and is left out; it looks like P1234567`,
  };
}

/** Words that stand where an id belongs (`TODO`), and integration keys, would never match anything. */
function checkId(ref: ServiceRef, text: string): Link {
  if (plausible.test(ref.id)) return { ref };
  if (/^[0-9A-F]{32}$/.test(ref.id) || /^R[0-9A-Z]{31}$/.test(ref.id)) {
    return {
      warning:
        'is an integration key, not the id of a PagerDuty service, and is left out; the id is in the address of the service, such as P1234567',
    };
  }
  if (ref.id.length < shortest || ref.id.length > longest) {
    return {
      warning: `"${text}" cannot be the id of a PagerDuty service and is left out; it looks like P1234567`,
    };
  }
  return { ref, warning: `"${text}" does not look like the id of a PagerDuty service, which begins with P` };
}

/** The account of an id, as its subdomain or host; the region of a subdomain is not known. */
export function readAccount(text: string): string | undefined {
  const account = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  if (/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(account)) return account;
  return /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+pagerduty\.com$/.test(account) ? account : undefined;
}
