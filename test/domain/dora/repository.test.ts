import fc from 'fast-check';
import { readRepository } from '../../../lib/domain/dora/repository.ts';

describe('a repository', () => {
  test.each([
    'https://github.com/acme/checkout',
    'https://github.com/acme/checkout.git',
    'https://github.com/acme/checkout/',
    'https://github.com/acme/checkout.git/',
    'https://www.github.com/Acme/Checkout',
    'HTTPS://GitHub.com/acme/checkout.GIT',
    'http://github.com//acme//checkout',
    'https://github.com:443/acme/checkout?tab=readme#top',
    'https://octo:ghp_token@github.com/acme/checkout.git',
    'https://x-access-token@github.com/acme/checkout.git',
    'git+https://github.com/acme/checkout.git',
    'git@github.com:acme/checkout.git',
    'github.com:acme/checkout',
    'ssh://git@github.com/acme/checkout.git',
    'ssh://git@github.com:22/acme/checkout.git',
    'ssh://git@ssh.github.com:443/acme/checkout.git',
    'ssh://git@github.com:acme/checkout.git',
    'git+ssh://git@github.com/acme/checkout.git',
    'git://github.com/acme/checkout.git',
    'github.com/acme/checkout',
    ' github.com/Acme/checkout.git ',
  ])('has one id, however it is spelled: %s', (given) => {
    expect(readRepository(given)?.id).toBe('github.com/acme/checkout');
  });

  test.each([
    ['https://gitlab.example.com:8443/group/sub/app.git', 'gitlab.example.com/group/sub/app'],
    ['https://example.com/my%20team/app', undefined],
    ['/srv/git/checkout.git', 'localhost/srv/git/checkout'],
    ['file:///srv/git/checkout.git', 'localhost/srv/git/checkout'],
    ['https://[::1]/acme/checkout', '[::1]/acme/checkout'],
    ['https://github.com/acme.git/checkout', 'github.com/acme.git/checkout'],
  ])('%s has the id %s', (given, id) => {
    expect(readRepository(given)?.id).toBe(id);
  });

  test.each([
    ['https://octo:ghp_token@github.com/acme/checkout.git', 'https://github.com/acme/checkout.git'],
    ['https://ghp_token@github.com/acme/checkout', 'https://github.com/acme/checkout'],
    ['https://a@b:ghp_token@github.com/acme/checkout', 'https://github.com/acme/checkout'],
    ['https://github.com/acme/checkout?private_token=ghp_token', 'https://github.com/acme/checkout'],
    ['ghp_token@github.com:acme/checkout.git', 'github.com:acme/checkout.git'],
    ['git@github.com:acme/checkout.git', 'git@github.com:acme/checkout.git'],
    ['ssh://git@github.com/acme/checkout.git', 'ssh://git@github.com/acme/checkout.git'],
    ['ssh://git:ghp_token@github.com/acme/checkout.git', 'ssh://github.com/acme/checkout.git'],
    ['user:ghp_token@github.com/acme/checkout', 'https://github.com/acme/checkout'],
  ])('is kept without what may be secret: %s', (given, url) => {
    expect(readRepository(given)?.url).toBe(url);
  });

  test.each([
    '',
    ' ',
    'checkout',
    'https://',
    'https://github.com',
    'https://github.com/',
    'https://user:to/ken@github.com/acme/checkout',
    'https://github.com/acme/check\u0000out',
    'https://github.com/acme/check out',
    `https://github.com/${'a'.repeat(3000)}`,
  ])('is not named by %j', (given) => {
    expect(readRepository(given)).toBeUndefined();
  });

  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
  const secret = fc.stringMatching(/^SECRET[A-Za-z0-9@:/?#%]{0,8}$/);

  it('never shows what stands before the host, whatever it is made of', () => {
    fc.assert(
      fc.property(secret, secret, name, name, (user, password, owner, repository) => {
        for (const userinfo of [user, `${user}:${password}`]) {
          const read = readRepository(`https://${userinfo}@github.com/${owner}/${repository}`);
          expect(JSON.stringify(read ?? '').toUpperCase()).not.toContain('SECRET');
        }
      }),
    );
  });

  it('has the same id when its own id and address are read again', () => {
    const form = fc.constantFrom('https://', 'ssh://git@', 'git@', '');
    fc.assert(
      fc.property(form, name, name, fc.constantFrom('', '.git', '/'), (start, owner, repository, end) => {
        const separator = start === 'git@' ? ':' : '/';
        const read = readRepository(`${start}git.example.com${separator}${owner}/${repository}${end}`);
        expect(read).toBeDefined();
        expect(readRepository(read?.id ?? '')?.id).toBe(read?.id);
        expect(readRepository(read?.url ?? '')).toEqual(read);
      }),
    );
  });
});
