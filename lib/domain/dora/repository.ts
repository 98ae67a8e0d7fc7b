/** A repository as somebody reports it. Neither field ever holds a user's name, a password or a token. */
export interface Repository {
  /** `github.com/acme/checkout`: host and path in lower case. The same for every spelling of one repository. */
  id: string;
  /** The address as given, less what may be secret: user, query, fragment. */
  url: string;
}

/** `git@github.com:acme/checkout.git`, as ssh has it: no scheme, a colon before the path. */
const scpForm = /^(?:[^@/\s]+@)?([^:/@\s]+):(?!\/\/)(.+)$/;
const withScheme = /^(?:git\+)?([a-z][a-z0-9+.-]*):\/\/(.*)$/i;
const localPath = /^(?:\/|\.{1,2}\/|[a-z]:[\\/])/i;
/** Where ssh is offered on the port of https. */
const hostNames: Record<string, string> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
};
const longest = 2048;

/** `undefined` for what names no repository. Callers must not repeat such a text: it may hold a token. */
export function readRepository(given: string): Repository | undefined {
  const text = given.trim();
  if (text === '' || text.length > longest || hasControls(text)) return undefined;
  const [, spelled, afterScheme = text] = withScheme.exec(text) ?? [];
  // A password with one of these in it would be taken for host and path.
  if (/[/?#].*@/.test(afterScheme)) return undefined;
  const scheme = spelled?.toLowerCase();
  if (scheme === 'file') return local(text.replace(/^[^:]+:\/\//, ''));
  if (scheme !== undefined) return fromUrl(text.replace(/^git\+/i, ''), scheme);
  if (localPath.test(text)) return local(text);
  const scp = scpForm.exec(text);
  if (scp?.[1] && scp[2] && !/^\d+\/|@/.test(scp[2])) return fromScp(text, scp[1], scp[2]);
  // `github.com/acme/checkout`, as people write it and repository ids are.
  return fromUrl(`https://${text}`, 'https');
}

function fromUrl(text: string, scheme: string): Repository | undefined {
  // Only of schemes it knows does URL read host and path alike: ssh and git are read as https is.
  const readable = text.replace(/^[a-z0-9+.-]+:/i, 'https:');
  if (!URL.canParse(readable)) {
    // `ssh://git@github.com:acme/checkout`, a mixture of the two forms that git takes as well.
    const mixed = scpForm.exec(readable.replace(/^https:\/\//, ''));
    return mixed?.[1] && mixed[2] ? fromUrl(`${scheme}://${mixed[1]}/${mixed[2]}`, scheme) : undefined;
  }
  const { host, hostname, pathname } = new URL(readable);
  const id = idOf(hostname, pathname);
  const user = scheme === 'ssh' && /^[^/]*\/\/git@/i.test(text) ? 'git@' : '';
  return id === undefined ? undefined : { id, url: `${scheme}://${user}${host}${pathname}` };
}

function fromScp(text: string, host: string, rest: string): Repository | undefined {
  const path = rest.replace(/[?#].*$/, '');
  const id = idOf(host, path);
  const user = text.startsWith('git@') ? 'git@' : '';
  return id === undefined ? undefined : { id, url: `${user}${host}:${path}` };
}

function local(path: string): Repository | undefined {
  const id = idOf('localhost', path.replaceAll('\\', '/'));
  return id === undefined ? undefined : { id, url: path };
}

function idOf(host: string, path: string): string | undefined {
  const name = host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^www\./, '');
  const steps = decoded(path)
    .toLowerCase()
    .split('/')
    .filter((step) => step !== '');
  const inner = steps.join('/').replace(/\.git$/, '');
  if (name === '' || inner === '' || /[@\s]/.test(inner)) return undefined;
  return `${Object.hasOwn(hostNames, name) ? hostNames[name] : name}/${inner}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControls = (text: string) => /[\u0000-\u001f\u007f]/.test(text);
