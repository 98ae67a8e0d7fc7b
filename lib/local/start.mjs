// `npm start`, or with `demo` as its argument `npm run demo`, from a bundle: plain JavaScript, because something has
// to load the TypeScript where there is none.
import { pathToFileURL } from 'node:url';
import { currentBundle, program } from '../bundle.mjs';

const isDemo = process.argv[2] === 'demo';
const bundle = await currentBundle(program(isDemo ? 'lib/local/demo/main.ts' : 'lib/local/main.ts'));
if (bundle === undefined) (await import('tsx/esm/api')).register();
if (bundle !== undefined) await import(pathToFileURL(bundle).href);
else await (isDemo ? import('./demo/main.ts') : import('./main.ts'));
