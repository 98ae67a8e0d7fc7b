import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopbackHost } from './loopback.ts';

/**
 * The proxy the environment names for a URL (HTTPS_PROXY, ALL_PROXY, NO_PROXY, in either case). Only https: goes
 * through one, and nothing that stays on this machine.
 */
export function proxyFor(url: URL): string | undefined {
  if (url.protocol !== 'https:' || isLoopbackHost(url.hostname)) return undefined;
  return getProxyForUrl(url.href) || undefined;
}

export type ProxyAgent = HttpsProxyAgent<string>;

/** Connections through one proxy: a tunnel for each, so that the proxy sees a host name and nothing else. */
export function createProxyAgent(proxy: string): ProxyAgent {
  return new HttpsProxyAgent(proxy, { keepAlive: true, timeout: 4000, maxSockets: 64 });
}

/** What an AWS client of this address needs so that its calls go through the proxy, if there is one. */
export function awsProxy(address: string): { requestHandler?: { httpsAgent: ProxyAgent } } {
  const proxy = proxyFor(new URL(address));
  return proxy === undefined ? {} : { requestHandler: { httpsAgent: createProxyAgent(proxy) } };
}
