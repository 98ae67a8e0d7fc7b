import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, normalize, relative } from 'node:path';
import type { Finding, Unread } from '../../domain/catalog/definition.ts';
import { isDefinitionName } from './definition-marks.ts';
import {
  exclusion,
  type IgnoreRules,
  isIgnored,
  repositoryOf,
  rulesAbove,
  rulesIn,
  slashes,
} from './ignore-rules.ts';
import { whySkipped } from './skipped-folders.ts';

const definitionFile = /\.(?:ya?ml|json)$/i;

export interface FoundFile {
  /** As the user would write it. */
  path: string;
  /** From the root of its repository, or as it is written: the same whoever pushes from wherever. */
  origin: string;
  /** The folder whose files it may refer to: its repository, or where it lies. */
  home: string;
  /** Named by the user, or certain by its name: read whatever it looks like. */
  whole: boolean;
  named: boolean;
}

export interface FoundFiles {
  /** Sorted by path, each file once however many paths lead to it. */
  files: FoundFile[];
  findings: Finding[];
  /** What could not be looked into. */
  unread: Unread[];
}

interface Place {
  /** As the user would write it … */
  path: string;
  /** … from the folder the user has named … */
  inside: string;
  /** … and where it really is. */
  real: string;
}

/**
 * A file that is named is taken as it is; of a folder, every .yaml, .yml and .json file at any depth that neither
 * `.gitignore` nor `exclude` names. Folders of tools and of scaffolders are left out.
 */
export function findFiles(paths: readonly string[], exclude: readonly string[] = []): FoundFiles {
  const files = new Map<string, FoundFile>();
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  const seen = new Set<string>();
  const excluded = exclusion(exclude);
  const note = (file: string, reason: string) => findings.push({ severity: 'note', file, reason });

  for (const path of paths) visitNamed(path);
  for (const pattern of paths.length > 0 ? excluded.idle() : []) {
    const reason = `--exclude "${pattern}" fits nothing here`;
    findings.push({ severity: 'warning', file: paths.join(', '), reason });
  }
  return {
    files: [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1)),
    findings,
    unread,
  };

  function visitNamed(path: string): void {
    try {
      const real = realpathSync(path);
      const info = statSync(real);
      if (info.isDirectory()) {
        const before = files.size + unread.length;
        const repository = repositoryOf(real);
        visitFolder({ path, inside: '', real }, rulesAbove(real, repository), repository);
        if (files.size + unread.length > before) return;
        const reason = 'has no .yaml, .yml or .json file that was not read already';
        findings.push({ severity: 'warning', file: path, reason });
      } else if (info.isFile()) {
        const home = join(real, '..');
        const place = { path, inside: basename(path), real };
        add(place, repositoryOf(home), true);
      } else fail(path, originOf(path, undefined, undefined), 'is neither a file nor a folder');
    } catch (error) {
      fail(path, originOf(path, undefined, undefined), unreadable(error));
    }
  }

  function visitFolder(place: Place, above: readonly IgnoreRules[], repository: string | undefined): void {
    // Links may lead in circles.
    if (seen.has(place.real)) return;
    seen.add(place.real);
    let entries: Dirent[];
    try {
      entries = readdirSync(place.real, { withFileTypes: true });
    } catch (error) {
      fail(place.path, originOf(place.path, place.real, repository), unreadable(error));
      return;
    }
    const own = rulesIn(place.real);
    const rules = own === undefined ? above : [...above, own];
    const names = new Set(entries.map(({ name }) => name));
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      visitEntry(entry, place, { rules, repository, names });
    }
  }

  function visitEntry(
    entry: Dirent,
    { path, inside, real }: Place,
    {
      rules,
      repository,
      names,
    }: { rules: readonly IgnoreRules[]; repository: string | undefined; names: Set<string> },
  ): void {
    const { name } = entry;
    const place = { path: join(path, name), inside: join(inside, name), real: join(real, name) };
    const isFolder = entry.isDirectory();
    if (!isFolder && !definitionFile.test(name) && !entry.isSymbolicLink()) return;
    const skipped = whySkipped(name, names);
    if (skipped !== undefined) return void note(place.path, skipped);
    if (isIgnored(place.real, isFolder, rules)) return void note(place.path, 'is ignored by .gitignore');
    const origin = originOf(place.path, place.real, repository);
    if (excluded.excludes(slashes(normalize(place.path)), slashes(place.inside), origin)) {
      return void note(place.path, 'is excluded');
    }
    if (isFolder) visitFolder(place, rules, repository);
    else if (entry.isFile()) add(place, repository, false);
    else if (entry.isSymbolicLink()) visitLink(place, rules, repository);
    else note(place.path, 'is not a file');
  }

  function visitLink(place: Place, rules: readonly IgnoreRules[], repository: string | undefined): void {
    try {
      const real = realpathSync(place.real);
      const info = statSync(real);
      if (info.isDirectory()) visitFolder({ ...place, real }, rules, repository);
      else if (info.isFile() && definitionFile.test(place.path)) add({ ...place, real }, repository, false);
    } catch (error) {
      if (isDefinitionName(basename(place.path))) {
        fail(place.path, originOf(place.path, place.real, repository), unreadable(error));
      } else note(place.path, unreadable(error));
    }
  }

  function add({ path, inside, real }: Place, repository: string | undefined, named: boolean): void {
    if (files.has(real)) return;
    if (named && excluded.excludes(slashes(normalize(path)), slashes(inside)))
      return void note(path, 'is excluded');
    const whole = named || isDefinitionName(basename(path));
    const home = repository ?? join(real, '..');
    files.set(real, { path, origin: originOf(path, real, repository), home, whole, named });
  }

  function fail(path: string, origin: string, reason: string): void {
    findings.push({ severity: 'error', file: path, reason });
    unread.push({ file: origin });
  }
}

function originOf(path: string, real: string | undefined, repository: string | undefined): string {
  if (repository === undefined || real === undefined)
    return slashes(normalize(path)).replace(/(?<=.)\/$/, '');
  return slashes(relative(repository, real)) || '.';
}

/** What the operating system said, in words. */
export function unreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const said: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    EPERM: 'may not be read by this user',
    ELOOP: 'is a link that leads in circles',
  };
  return said[code] ?? `cannot be read: ${(error as Error).message}`;
}
