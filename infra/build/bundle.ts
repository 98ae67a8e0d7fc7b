import { type BuildOptions, build, type Metafile } from 'esbuild';
import { leaveOut } from './leave-out.ts';

export interface Bundle {
  bytes: number;
  metafile: Metafile;
}

/**
 * One Lambda function as one CommonJS file. CommonJS because it loads about 4 ms faster than the same code as an
 * ES module, and minified because every KB is parsed at every cold start: `npm run bench` has the figures, which
 * is also what `otherwise` is for.
 * The source map stays outside of what is deployed; `node --enable-source-maps` or any viewer can read it.
 */
export async function bundle(
  root: string,
  entry: string,
  outfile: string,
  otherwise: BuildOptions = {},
): Promise<Bundle> {
  const result = await build({
    absWorkingDir: root,
    ...(otherwise.stdin ? {} : { entryPoints: [entry] }),
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The SDK's ES modules can be shaken, its CommonJS cannot: 200 KB instead of 510.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minify: true,
    legalComments: 'none',
    sourcemap: 'external',
    metafile: true,
    logLevel: 'silent',
    banner: { js: `const __bundle_url=require('node:url').pathToFileURL(__filename).href;` },
    define: { 'import.meta.url': '__bundle_url', 'import.meta.dirname': '__dirname' },
    plugins: [leaveOut(root)],
    ...otherwise,
  });
  const metafile = result.metafile as Metafile;
  const output = Object.entries(metafile.outputs).find(([file]) => /\.[cm]js$/.test(file));
  if (!output) throw new Error(`esbuild wrote no bundle for ${entry}`);
  return { bytes: output[1].bytes, metafile };
}
