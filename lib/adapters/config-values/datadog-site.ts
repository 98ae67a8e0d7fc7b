import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { isLoopbackUrl } from './receiver-url.ts';

/** Datadog opens regions at any time, so these are a pattern: https://docs.datadoghq.com/getting_started/site/ */
const regional = ['datadoghq.com', 'ddog-gov.com'];
const bases = [...regional, 'datadoghq.eu'];
const region = /^[a-z]{2,3}\d{1,2}$/;
const examples = 'datadoghq.com, us5.datadoghq.com, datadoghq.eu';

/** The first regions are called so, and their sites are not. */
const calledSo: Record<string, string> = {
  'us1.datadoghq.com': 'datadoghq.com',
  'eu1.datadoghq.com': 'datadoghq.eu',
  'eu1.datadoghq.eu': 'datadoghq.eu',
  'us1.ddog-gov.com': 'ddog-gov.com',
};

function isDatadogSite(text: string): boolean {
  if (Object.hasOwn(calledSo, text)) return false;
  const { prefix, base } = parts(text);
  return prefix === undefined ? bases.includes(base) : region.test(prefix) && regional.includes(base);
}

/** Sites for US government agencies, where Datadog has no DORA metrics. */
export const isGovernmentSite = (site: string): boolean => parts(site).base === 'ddog-gov.com';

function parts(site: string): { prefix?: string; base: string } {
  const labels = site.split('.');
  const [prefix = ''] = labels;
  return labels.length === 3 ? { prefix, base: labels.slice(1).join('.') } : { base: site };
}

/**
 * What was probably meant, if the difference is a slip of the pen. Never the site of another region: a key would be
 * sent to where it does not belong.
 */
function meantSite(text: string): string | undefined {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/^(app|api)\./, '');
  if (Object.hasOwn(calledSo, host)) return calledSo[host];
  const { prefix, base } = parts(host);
  const [nearest] = bases
    .filter((each) => prefix === undefined || regional.includes(each))
    .map((each) => ({ each, far: distance(each, base) }))
    .filter(({ far }) => far <= 2)
    .sort((a, b) => a.far - b.far);
  if (!nearest) return undefined;
  const site = prefix === undefined ? nearest.each : `${prefix}.${nearest.each}`;
  return isDatadogSite(site) ? site : undefined;
}

/** Checked because a key sent to a mistyped host is a leaked key. */
export const datadogSite = z
  .string()
  .superRefine((text, context) => {
    if (isDatadogSite(text) || (isLoopbackUrl(text) && text.startsWith('http'))) return;
    const meant = meantSite(text);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    const message = `is not a Datadog site${hint || `, such as ${examples}: what follows app. in the browser's address, or the whole of it in other regions`}`;
    context.addIssue({ code: 'custom', message });
  })
  .describe(`Datadog site, such as ${examples}; default datadoghq.com`);
