import type { GitHostAccess } from './ask.ts';
import type { GitHost, GitHostDeps } from './git-host.ts';
import { createGithub } from './github.ts';
import { createGitlab } from './gitlab.ts';
import { type GitHostConfig, hostOf } from './host-of.ts';

/** One creator and the address of the API for each type; a type without them does not compile. */
const types: {
  [Type in GitHostConfig['type']]: {
    create(access: GitHostAccess & { host: string }, deps: GitHostDeps): GitHost;
    publicApi: string;
    apiPath: string;
  };
} = {
  github: { create: createGithub, publicApi: 'https://api.github.com', apiPath: '/api/v3' },
  gitlab: { create: createGitlab, publicApi: 'https://gitlab.com/api/v4', apiPath: '/api/v4' },
};

export function createGitHosts(configs: readonly GitHostConfig[], deps: GitHostDeps): GitHost[] {
  return configs.map((config) => {
    const { type, base_url, token, allow_private } = config;
    const { create, publicApi, apiPath } = types[type];
    const api = base_url === undefined ? publicApi : apiOf(base_url, apiPath);
    const made = create({ api, host: hostOf(config), token, allow_private }, deps);
    const below = base_url === undefined ? '' : pathOf(base_url, apiPath);
    if (below === '') return made;
    const inside = (path: string) => (path.startsWith(below) ? path.slice(below.length) : path);
    return {
      ...made,
      compare: ({ path, ...between }, deadlineMs) =>
        made.compare({ path: inside(path), ...between }, deadlineMs),
    };
  });
}

/** What stands before the path of each repository, where the host lives below another address. */
function pathOf(baseUrl: string, apiPath: string): string {
  const path = new URL(baseUrl).pathname.toLowerCase().replace(/\/+$/, '');
  const own = path.endsWith(apiPath) ? path.slice(0, -apiPath.length) : path;
  return own === '' ? '' : `${own.slice(1)}/`;
}

/** An address that is the API's already is taken as it is. */
function apiOf(baseUrl: string, apiPath: string): string {
  const url = new URL(baseUrl);
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  return base.endsWith(apiPath) || url.hostname.startsWith('api.') ? base : `${base}${apiPath}`;
}
