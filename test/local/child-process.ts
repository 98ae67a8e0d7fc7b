import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { bundledEntry } from '../support/bundled-entry.ts';

export interface Child {
  process: ChildProcess;
  /** Every line of standard output so far. */
  lines: string[];
  /** Everything on standard error so far. */
  errors(): string;
  /** The first line (past or future) that matches; fails with the output if the process ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves with the exit code, or the signal's name. */
  ended: Promise<number | string>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a TypeScript file as a process of its own, from a bundle, which is made here. */
export async function bundled(
  file: string,
): Promise<(args?: string[], env?: Record<string, string>) => Child> {
  const bundle = await bundledEntry(file);
  return (args = [], env = {}) => run(process.execPath, [bundle, ...args], env);
}

/** Whatever still runs after the last test is killed. */
export function run(command: string, args: string[], env: Record<string, string> = {}): Child {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const lines: string[] = [];
  let errors = '';
  const waiting = new Set<() => void>();
  const notify = () => {
    for (const check of [...waiting]) check();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    notify();
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  let over = false;
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      over = true;
      resolve(code ?? String(signal));
      notify();
    });
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const found = lines.find((candidate) => pattern.test(candidate));
        if (found === undefined && !over) return;
        waiting.delete(check);
        if (found !== undefined) resolve(found);
        else reject(new Error(`No line matched ${pattern}.\n${lines.join('\n')}\n${errors}`));
      };
      waiting.add(check);
      check();
    });
  return { process: child, lines, errors: () => errors, line, ended };
}
