import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { contentHash } from './content-hash.ts';

const root = path.resolve(import.meta.dirname, '../..');
const shelf = path.join(root, 'node_modules/.cache/started');
const keptMs = 24 * 3_600_000;

/** A module finds what lies beside its source, as it does when it is not bundled. */
const ownAddress: Plugin = {
  name: 'own-address',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.m?ts$/ }, ({ path: file }) => {
      if (file.includes('node_modules')) return undefined;
      const source = readFileSync(file, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const contents = source
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)));
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * The path of a JavaScript file to start in place of a TypeScript one. Started through tsx, a process spends 1.3 s
 * of processor time on translating the same files as the one before it. Made once of the same sources. The packages
 * are in it too, half a second more, but for dynalite, which brings a binary.
 */
export async function bundledEntry(entry: string): Promise<string> {
  const name = contentHash(root, ['package-lock.json', 'lib', entry], entry);
  const kept = path.join(shelf, `${name}.mjs`);
  if (existsSync(kept)) return kept;
  mkdirSync(shelf, { recursive: true });
  for (const file of readdirSync(shelf)) {
    const old = path.join(shelf, file);
    if (statSync(old).mtimeMs < Date.now() - keptMs) rmSync(old, { force: true });
  }
  // Another suite may be at the same: a file appears under its name when it is whole.
  const draft = path.join(shelf, `draft-${randomUUID()}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['dynalite'],
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minifyWhitespace: true,
    // Packages of the older kind ask for Node's own modules with `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'silent',
    plugins: [ownAddress],
  });
  renameSync(draft, kept);
  return kept;
}
