/**
 * `npm run check:imports`: the directions of .dependency-cruiser.cjs. Fails as well when the cruiser read too
 * little: with a parser that does not know this TypeScript it inspects nothing and reports success.
 * Plain JavaScript because the cruiser does not run under a TypeScript loader.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folders = ['functions', 'lib'];
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

const expected = folders
  .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).length;

const { stdout, stderr } = spawnSync(
  process.execPath,
  [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
  { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
if (!stdout) throw new Error(`dependency-cruiser said nothing: ${stderr}`);
const { modules, summary } = JSON.parse(stdout);
const read = modules.filter(({ source }) => /^(functions|lib)\/.*\.ts$/.test(source));
const withImports = read.filter(({ dependencies }) => dependencies.length > 0).length;

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
if (read.length === 0 || read.length < expected || withImports < expected / 2) {
  console.error(
    `Only ${read.length} of ${expected} files were read (${withImports} with imports): nothing was checked.`,
  );
  process.exitCode = 1;
} else if (summary.error > 0) {
  process.exitCode = 1;
} else {
  console.log(`Import directions hold in ${read.length} files.`);
}
