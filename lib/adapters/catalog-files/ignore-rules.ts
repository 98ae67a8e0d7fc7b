import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The rules of one folder, which hold for everything below it. */
export interface IgnoreRules {
  folder: string;
  rules: Ignore;
}

const longestRules = 1_000_000;

/** The `.gitignore` of a folder; undefined where there is none. */
export function rulesIn(folder: string): IgnoreRules | undefined {
  try {
    const text = readFileSync(join(folder, '.gitignore'), 'utf8').slice(0, longestRules);
    return { folder, rules: ignore({ ignorecase: false }).add(text) };
  } catch {
    // Not there, a folder, or not for us to read: then it ignores nothing.
    return undefined;
  }
}

/** The nearest folder above that git, or another tool like it, has made a repository; undefined outside of one. */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return undefined;
  }
}

/**
 * The rules of a repository that hold in one of its folders, from its root down. A folder that is ignored itself
 * has been named by somebody who means it, so then only its own rules hold.
 */
export function rulesAbove(folder: string, repository: string | undefined): IgnoreRules[] {
  if (repository === undefined || repository === folder) return [];
  const found: IgnoreRules[] = [];
  let at = repository;
  for (const step of relative(repository, folder).split(sep)) {
    const rules = rulesIn(at);
    if (rules !== undefined) found.push(rules);
    at = join(at, step);
    if (isIgnored(at, true, found)) return [];
  }
  return found;
}

/** Of several rules the ones of the deepest folder decide, as in git. */
export function isIgnored(path: string, isFolder: boolean, rules: readonly IgnoreRules[]): boolean {
  for (let at = rules.length - 1; at >= 0; at--) {
    const level = rules[at];
    if (level === undefined) continue;
    const { ignored, unignored } = level.rules.test(below(level.folder, path, isFolder));
    if (ignored || unignored) return ignored;
  }
  return false;
}

export interface Exclusion {
  /** Whether any of the ways to write a path is excluded. */
  excludes(...paths: string[]): boolean;
  /** Patterns that have left out nothing: probably not what was meant. */
  idle(): string[];
}

/** `--exclude` takes the same patterns as `.gitignore`, for a path however it is written. */
export function exclusion(patterns: readonly string[]): Exclusion {
  const single = (pattern: string) =>
    ignore({ ignorecase: false }).add(pattern.replace(/^!/, '').replace(/^\.\//, ''));
  const used = patterns.map((pattern) => ({ pattern, rules: single(pattern), met: false }));
  const rules = ignore({ ignorecase: false }).add(patterns.map((pattern) => pattern.replace(/^\.\//, '')));
  return {
    excludes(...paths) {
      if (patterns.length === 0) return false;
      const valid = paths.filter((path) => ignore.isPathValid(path));
      for (const each of used) each.met ||= valid.some((path) => each.rules.ignores(path));
      return valid.some((path) => rules.ignores(path));
    },
    idle: () => used.filter(({ met }) => !met).map(({ pattern }) => pattern),
  };
}

const below = (folder: string, path: string, isFolder: boolean): string =>
  `${slashes(relative(folder, path))}${isFolder ? '/' : ''}`;

/** A path as patterns have it, whatever the operating system. */
export const slashes = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));
