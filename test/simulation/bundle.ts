import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** One change of the product's source text: `find` must be there exactly once. */
export interface Patch {
  /** Path from the project's root. */
  file: string;
  find: string;
  replace: string;
}

export class PatchDoesNotApply extends Error {
  constructor(patch: Patch, count: number) {
    super(
      `A mutant's patch must find its text once in ${patch.file}, it is there ${count} times. ` +
        `The code has changed: bring the patch up to date. It looks for:\n${patch.find}`,
    );
    this.name = 'PatchDoesNotApply';
  }
}

const here = dirname(fileURLToPath(import.meta.url));
export const projectRoot = join(here, '..', '..');

/** Throws for the first whose text is not in the code once. */
export function checkPatches(patches: readonly Patch[]): void {
  for (const patch of patches) {
    const count = readFileSync(join(projectRoot, patch.file), 'utf8').split(patch.find).length - 1;
    if (count !== 1) throw new PatchDoesNotApply(patch, count);
  }
}

/** The source after its patches. */
export function patched(source: string, patches: readonly Patch[]): string {
  let text = source;
  for (const patch of patches) {
    const count = text.split(patch.find).length - 1;
    if (count !== 1) throw new PatchDoesNotApply(patch, count);
    text = text.replace(patch.find, () => patch.replace);
  }
  return text;
}

/** Only the files that are patched are asked for: each question costs esbuild a way to this process and back. */
function patching(patches: readonly Patch[]): Plugin {
  const names = [...new Set(patches.map(({ file }) => basename(file)))].map((name) =>
    name.replace('.', '\\.'),
  );
  return {
    name: 'patches',
    setup: ({ onLoad }) => {
      if (names.length === 0) return;
      onLoad({ filter: new RegExp(`/(?:${names.join('|')})$`) }, ({ path }) => {
        const file = relative(projectRoot, path);
        const wanted = patches.filter((patch) => patch.file === file);
        if (wanted.length === 0) return undefined;
        return { contents: patched(readFileSync(path, 'utf8'), wanted), loader: 'ts' };
      });
    },
  };
}

const bundles: string[] = [];

/** Not before: threads load a bundle when they like. */
function removeAtExit(file: string): void {
  if (bundles.push(file) > 1) return;
  process.once('exit', () => {
    for (const bundle of bundles) rmSync(bundle, { force: true });
  });
}

/**
 * Bundles the simulation together with the product, patched or not, into a file that a player's thread can load.
 * It lies under node_modules, where the packages it leaves out are found.
 */
export async function bundleSimulation(patches: readonly Patch[] = []): Promise<string> {
  checkPatches(patches);
  const folder = join(projectRoot, 'node_modules', '.cache', 'simulation');
  mkdirSync(folder, { recursive: true });
  const name = createHash('sha256')
    .update(JSON.stringify([process.pid, patches]))
    .digest('hex')
    .slice(0, 12);
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(here, 'worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    outfile,
    logLevel: 'silent',
    plugins: [patching(patches)],
  });
  removeAtExit(outfile);
  return outfile;
}
