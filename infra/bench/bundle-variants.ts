import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { bundle } from '../build/bundle.ts';
import { type Bench, median } from './bench.ts';
import { inFolder, loadTimes, receiveEntry } from './load-time.ts';
import { nodeVersions } from './node-versions.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What the build could do otherwise. Each line is a reason for how infra/build/bundle.ts does it. */
const variants: Record<string, { file: string; with?: BuildOptions; beside?: string }> = {
  'as built': { file: 'built.cjs' },
  'as an ES module': {
    file: 'module.mjs',
    with: {
      format: 'esm',
      define: {},
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
      },
    },
  },
  'not minified': { file: 'whole.cjs', with: { minify: false } },
  'nothing of the SDK left out': { file: 'everything.cjs', with: { plugins: [] } },
  "the SDK's CommonJS instead of its ES modules": {
    file: 'main.cjs',
    with: { mainFields: ['main'], conditions: [], plugins: [] },
  },
  'with the SSM client instead of one signed request': { file: 'ssm.cjs', beside: '@aws-sdk/client-ssm' },
};

const rounds = 15;

export const bundleVariants: Bench = {
  id: 'variants',
  title: 'The receive bundle built in other ways',
  run: (report) =>
    inFolder(async (folder) => {
      const built = new Map<string, string>();
      for (const [name, { file, with: options, beside }] of Object.entries(variants)) {
        const outfile = path.join(folder, file);
        try {
          const entry = beside ? { stdin: besideReceive(beside) } : {};
          const { bytes } = await bundle(root, receiveEntry, outfile, { ...options, ...entry });
          report({ name, value: bytes, unit: 'bytes' });
          built.set(name, outfile);
        } catch (error) {
          if (!beside) throw error;
          console.log(`${name}: not measured, ${beside} is not installed`);
        }
      }
      for (const node of await nodeVersions()) {
        const times = await loadTimes(node, [...built.values()], rounds);
        for (const [index, name] of [...built.keys()].entries()) {
          report({ name: `Node ${node.major}: ${name}`, value: median(times[index] ?? []), unit: 'ms' });
        }
      }
    }),
};

function besideReceive(client: string): NonNullable<BuildOptions['stdin']> {
  return {
    contents: `
      import { SSMClient, GetParameterCommand } from '${client}';
      export * from './functions/receive.ts';
      const ssm = new SSMClient({});
      export const read = (name) => ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));`,
    resolveDir: root,
    loader: 'ts',
  };
}
