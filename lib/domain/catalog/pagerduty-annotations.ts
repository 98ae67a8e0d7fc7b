import type { Document, Problem } from './format.ts';
import { type Link, readAccount, readServiceId } from './pagerduty-link.ts';

const prefix = 'pagerduty.com';
const serviceIdKey = `${prefix}/service-id`;
const accountKey = `${prefix}/account`;
const integrationKey = `${prefix}/integration-key`;

export interface AnnotatedService {
  ref?: Link['ref'];
  problems: Problem[];
}

/**
 * The PagerDuty service an entity's annotations name. A key with a space around it, or split at its slash into a
 * mapping, is read as it is meant, and its author is told.
 * https://pagerduty.github.io/backstage-plugin-docs
 */
export function annotatedService(annotations: Document | undefined): AnnotatedService {
  const problems: Problem[] = [];
  const tell = (key: string, reason: string) =>
    problems.push({ severity: 'warning', path: ['metadata', 'annotations', key], reason });
  const found = spelledAnyhow(annotations ?? {}, tell);
  const id = textAt(found, serviceIdKey, tell);
  const account = textAt(found, accountKey, tell);

  if (id === undefined) {
    if (textAt(found, integrationKey, tell) !== undefined) {
      tell(
        integrationKey,
        `${integrationKey} says where to send alarms, not which service they belong to: no incident is matched by it; add ${serviceIdKey}`,
      );
    }
    return { problems };
  }
  const { ref, warning } = readServiceId(id);
  if (warning !== undefined) tell(serviceIdKey, `${serviceIdKey} ${warning}`);
  if (ref === undefined || ref.host !== undefined || account === undefined) {
    return { ...(ref && { ref }), problems };
  }
  const host = readAccount(account);
  if (host === undefined) {
    tell(
      accountKey,
      `${accountKey} "${account}" is not the subdomain of an account, so any account is taken`,
    );
    return { ref, problems };
  }
  return { ref: { host, id: ref.id }, problems };
}

type Tell = (key: string, reason: string) => void;

function spelledAnyhow(annotations: Document, tell: Tell): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(annotations)) {
    const name = key.trim();
    if (name === prefix && typeof value === 'object' && value !== null) {
      for (const [rest, inner] of Object.entries(value)) found.set(`${prefix}/${rest.trim()}`, inner);
      tell(
        key,
        `annotation "${prefix}" is a mapping and is read as "${prefix}/…"; Backstage takes text only`,
      );
    } else if (name.startsWith(`${prefix}/`)) {
      if (name !== key) tell(key, `annotation "${key}" has a space around it, which Backstage does not take`);
      found.set(name, value);
    }
  }
  return found;
}

function textAt(found: Map<string, unknown>, key: string, tell: Tell): string | undefined {
  const value = found.get(key);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  tell(key, `${key} must be text: put it in quotes; it is left out`);
  return undefined;
}
