/**
 * `npm run check:imports`: the directions of .dependency-cruiser.cjs. Fails as well when the cruiser read
 * suspiciously little: with a parser that does not know this TypeScript it inspects nothing and reports success.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const root = path.resolve(import.meta.dirname, '..');
const folders = ['functions', 'lib'];

const expected = folders
  .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).length;

const { options = {}, ...ruleSet } = await extractConfig(path.join(root, '.dependency-cruiser.cjs'));
const { output } = await cruise(
  folders,
  { ...options, ruleSet, validate: true, baseDir: root },
  {},
  { tsConfig: extractTsConfig(path.join(root, 'tsconfig.json')) },
);
const { modules, summary } = output as ICruiseResult;
const read = modules.filter(({ source }) => /^(functions|lib)\/.*\.ts$/.test(source));
const withImports = read.filter(({ dependencies }) => dependencies.length > 0).length;

for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}`);
}
if (read.length < expected || withImports < expected / 2) {
  console.error(
    `Only ${read.length} of ${expected} files were read (${withImports} with imports): nothing was checked.`,
  );
  process.exitCode = 1;
} else if (summary.error > 0) {
  process.exitCode = 1;
} else {
  console.log(`Import directions hold in ${read.length} files.`);
}
