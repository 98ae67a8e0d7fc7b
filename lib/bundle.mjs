/**
 * A program as one file of JavaScript, because transpiling its TypeScript takes several times as long as starting
 * it. The command line's is made at `npm ci`, or else as the others at the first start, and kept with the packages.
 * Its first line says what it was made of; every start compares that, so that whoever changes a file runs the changed
 * file. Plain JavaScript, because it runs before there is anything that reads TypeScript.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '..');
const commandLine = { entry: 'lib/cli/on-terminal.ts', folder: 'pdbridge', format: 'cjs' };
/** A program that is run and not asked for anything: as a module, whose beginning may wait. */
export const program = (entry) => ({ entry, folder: 'local', format: 'esm' });

/**
 * The path of a bundle of what is on disk now; undefined if none can be made here, and then tsx has to do. By default
 * that of the command line.
 */
export async function currentBundle(what = commandLine) {
  const folder = path.join(root, 'node_modules/.cache', what.folder);
  // Several checkouts may share their packages, and the bundle knows where its own is.
  const name = hash(`${root}${what === commandLine ? '' : what.entry}`).slice(0, 16);
  const bundle = path.join(folder, `${name}.${what.format === 'cjs' ? 'cjs' : 'mjs'}`);
  if (isCurrent(bundle)) return bundle;
  try {
    // Before the work: a checkout that cannot be written to must not do it at every start.
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    const esbuild = await import('esbuild');
    await make(esbuild, what, bundle);
    // Its own process would stay for as long as this one.
    await esbuild.stop();
    return bundle;
  } catch {
    // No esbuild, no right to write, or a fault in the code: tsx runs it, or says what is wrong.
    return undefined;
  }
}

function isCurrent(bundle) {
  try {
    const text = readFileSync(bundle, 'utf8');
    const inputs = JSON.parse(text.slice(2, text.indexOf('\n')));
    return Object.entries(inputs).every(([input, state]) => state === stateOf(input));
  } catch {
    return false;
  }
}

/** Our own files are compared by content. Packages change when they are installed, and then these change too. */
function stateOf(input) {
  const file = path.join(root, input);
  if (!isPackage(input)) return hash(readFileSync(file));
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}

async function make(esbuild, { entry, format }, bundle) {
  /** What esbuild was given, and not what is on disk after it: a file saved meanwhile makes the bundle old. */
  const own = Object.fromEntries(['tsconfig.json', 'lib/bundle.mjs'].map((file) => [file, stateOf(file)]));
  const { metafile, outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format,
    // Packages of the older kind ask for Node's own modules with `require`.
    banner: format === 'esm' ? { js: requireInModule } : {},
    // It brings a binary, which it looks for beside itself.
    external: ['dynalite'],
    target: 'node20',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [ownFiles(own)],
  });
  const packages = Object.keys(metafile.inputs).filter(isPackage);
  const inputs = { ...own, ...Object.fromEntries(packages.map((file) => [file, stateOf(file)])) };
  const mine = `${bundle}.${process.pid}`;
  writeFileSync(mine, `//${JSON.stringify(inputs)}\n${outputFiles[0].text}`);
  // At once whole: others may be starting, or making the same.
  renameSync(mine, bundle);
}

const requireInModule =
  "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);";

/** Reads our own files and keeps their states; `import.meta` goes on naming the file it stands in. */
function ownFiles(states) {
  return {
    name: 'own-files',
    setup(build) {
      build.onLoad({ filter: /\.(ts|json)$/ }, ({ path: file }) => {
        const input = path.relative(root, file).replaceAll(path.sep, '/');
        if (isPackage(input)) return undefined;
        const bytes = readFileSync(file);
        states[input] = hash(bytes);
        const meta = { url: pathToFileURL(file).href, dirname: path.dirname(file), filename: file };
        const contents = bytes.toString().replaceAll('import.meta', `(${JSON.stringify(meta)})`);
        return { contents, loader: file.endsWith('.json') ? 'json' : 'ts' };
      });
    },
  };
}

function isPackage(input) {
  return input.includes('node_modules/');
}

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
