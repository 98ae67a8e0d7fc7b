/**
 * `npm run build`: checks infra/bridge.yml as a deployment needs it, bundles each function into dist/<function>/
 * with its compiled configuration beside it, and writes the parts of the template that follow from bridge.yml
 * and from the code: access, alarms, dashboard. Anything wrong ends it with an exit code before a packager or a deploy begins.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fingerprintOf } from '../lib/adapters/config/fingerprint.ts';
import { asConfigured } from '../lib/adapters/destinations/as-configured.ts';
import { alarmsOf } from './alarms.ts';
import { alarmResources } from './build/alarm-resources.ts';
import { bundle } from './build/bundle.ts';
import { brokenRules, bundleRules } from './build/bundle-rules.ts';
import { configFileOf } from './build/config-file.ts';
import { functionConfig, functionsOf } from './build/function-config.ts';
import { BuildError, readConfig } from './build/read-config.ts';
import { accessOf } from './build/role-policies.ts';
import { dashboardResource } from './dashboard.ts';

const root = path.resolve(import.meta.dirname, '..');

async function buildAll(configFile: string, outDir: string): Promise<void> {
  const config = readConfig(root, configFile);
  const names = asConfigured(config.destinations).map(({ name, type }) => `${name} (${type})`);
  console.log(`Configuration: ${configFile}`);
  console.log(`Incident events go to: ${names.join(', ') || 'nobody'}`);
  await rm(outDir, { recursive: true, force: true });
  const broken: string[] = [];
  const functions = functionsOf(config);
  for (const name of functions) {
    const rules = bundleRules[name];
    const folder = path.join(outDir, name);
    const built = await bundle(root, `functions/${name}.ts`, path.join(folder, 'index.cjs'));
    broken.push(...brokenRules(name, built, rules));
    await writeFile(path.join(folder, 'bridge.json'), JSON.stringify(functionConfig(name, config)));
    await writeFile(path.join(outDir, `${name}.meta.json`), JSON.stringify(built.metafile));
    console.log(
      `${name.padEnd(12)} ${(built.bytes / 1000).toFixed(0).padStart(4)} KB of ${rules.maxBytes / 1000} KB`,
    );
  }
  await writeFile(
    path.join(outDir, 'built-from.json'),
    JSON.stringify({ config: configFile, fingerprint: fingerprintOf(config) }),
  );
  const fragments = {
    access: accessOf(config),
    alarms: alarmResources(alarmsOf(functions)),
    dashboard: dashboardResource(functions),
  };
  for (const [name, fragment] of Object.entries(fragments)) {
    await writeFile(path.join(outDir, `${name}.json`), JSON.stringify(fragment, null, 2));
  }
  if (broken.length > 0) throw new BuildError(broken.join('\n'));
}

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: configFileOf([]) },
    out: { type: 'string', default: 'dist' },
  },
});
try {
  await mkdir(path.resolve(root, values.out), { recursive: true });
  await buildAll(values.config, path.resolve(root, values.out));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`Nothing was built.\n${error.message}`);
  process.exitCode = 1;
}
