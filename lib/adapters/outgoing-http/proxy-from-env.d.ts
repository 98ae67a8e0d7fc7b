/** proxy-from-env ships no types. */
declare module 'proxy-from-env' {
  /** The proxy for this URL by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in either case; empty if none. */
  export function getProxyForUrl(url: string): string;
}
