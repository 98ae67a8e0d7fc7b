export interface GitHostConfig {
  type: 'github' | 'gitlab';
  /** Reference to a secret. */
  token: string;
  base_url?: string | undefined;
  host?: string | undefined;
  allow_private: boolean;
}

const publicHosts = { github: 'github.com', gitlab: 'gitlab.com' };

/** The host in the addresses of its repositories, in lower case as their ids have it. */
export function hostOf({ type, host, base_url }: GitHostConfig): string {
  if (host !== undefined) return host.toLowerCase();
  if (base_url === undefined) return publicHosts[type];
  // An address of the API: https://api.acme.ghe.com is that of acme.ghe.com.
  return new URL(base_url).hostname.replace(/^(api|www)\./, '');
}
