import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readRepository } from '../domain/dora/repository.ts';
import { failed } from './io.ts';

const run = promisify(execFile);
const patienceMs = 10_000;

export interface GitOptions {
  gitRepositoryUrl?: string;
  gitCommitSha?: string;
  skipGit?: true;
}

export interface Git {
  repository_url: string;
  commit_sha: string;
}

/**
 * What is deployed: as given, the rest asked of the repository in `folder`, as `datadog-ci` does. User names and
 * passwords in the address never leave this machine.
 */
export async function gitFacts(options: GitOptions, folder: string): Promise<Git | undefined> {
  if (options.skipGit) return undefined;
  const url = options.gitRepositoryUrl ?? (await ask(folder, 'ls-remote', '--get-url'));
  const commit_sha = options.gitCommitSha ?? (await ask(folder, 'rev-parse', 'HEAD'));
  const repository = readRepository(url);
  // The address is not repeated: it may hold a token.
  if (!repository) {
    throw failed(
      'git',
      'The address of the repository cannot be read. Give --git-repository-url, such as https://github.com/acme/checkout, or --skip-git.',
    );
  }
  return { repository_url: repository.url, commit_sha };
}

async function ask(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('git', args, { cwd: folder, timeout: patienceMs });
    return stdout.trim();
  } catch {
    throw failed(
      'git',
      'Git does not say what is deployed: is this folder a repository with a commit and a remote? Give --git-repository-url and --git-commit-sha, or --skip-git.',
    );
  }
}
