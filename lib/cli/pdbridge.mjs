#!/usr/bin/env node
// Plain JavaScript, because something has to load the TypeScript: `npx pdbridge` runs this file as it is.
import { register } from 'tsx/esm/api';

register();
const { runOnTerminal } = await import('./on-terminal.ts');
await runOnTerminal();
