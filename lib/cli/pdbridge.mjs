#!/usr/bin/env node
// Plain JavaScript, because something has to load the TypeScript: `npx pdbridge` runs this file as it is.
import { createRequire } from 'node:module';
import { currentBundle } from '../bundle.mjs';

const bundle = await currentBundle();
if (bundle === undefined) (await import('tsx/esm/api')).register();
const { runOnTerminal } =
  bundle === undefined ? await import('./on-terminal.ts') : createRequire(import.meta.url)(bundle);
await runOnTerminal();
