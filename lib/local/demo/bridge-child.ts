import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from '../../adapters/config/environment.ts';
import type { Ready } from '../../adapters/laptop/ready-file.ts';
import { DemoError } from './until.ts';

export interface BridgeChild {
  ready: Ready;
  /** The last lines of its log, for when something has gone wrong. */
  log(): string[];
  /** Throws when it has ended by itself. */
  check(): void;
  stop(): Promise<void>;
}

const startMs = 30_000;
const linesKept = 40;

/** The bridge as `npm start` runs it, as a process of its own. */
export async function startBridgeChild(root: string, environment: Environment): Promise<BridgeChild> {
  const child = spawn(process.execPath, ['lib/local/start.mjs'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // However the demo ends, the bridge ends with it.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > linesKept) lines.shift();
  };
  createInterface({ input: child.stderr }).on('line', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.removeListener('exit', kill);
      resolve();
    });
  });
  try {
    const ready = await readyLine(child, keep, ended);
    return {
      ready,
      log: () => lines,
      check: () => {
        const how = child.signalCode ?? child.exitCode;
        if (how !== null) throw new DemoError(`The bridge has ended (${how}) in the middle of the demo.`);
      },
      stop: () => {
        child.kill('SIGTERM');
        return ended;
      },
    };
  } catch (error) {
    kill();
    throw new DemoError(`The bridge does not start: ${(error as Error).message}.\n${lines.join('\n')}`);
  }
}

function readyLine(child: ChildProcess, keep: (line: string) => void, ended: Promise<void>): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready within ${startMs / 1000} s`)), startMs);
    timer.unref();
    void ended.then(() => reject(new Error('it has ended')));
    child.once('error', reject);
    if (!child.stdout) throw new Error('the bridge has no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line);
      if (!line.startsWith('ready ')) return;
      clearTimeout(timer);
      resolve(JSON.parse(line.slice('ready '.length)) as Ready);
    });
  });
}
