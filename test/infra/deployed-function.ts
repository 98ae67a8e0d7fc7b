import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';

export interface DeployedFunction {
  loadMs: number;
  /** Node's own version, e.g. v24.1.0. */
  node: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the handler returns
  invoke(event: unknown): Promise<any>;
  /** What it has written to its log, line by line. */
  log(): string[];
  stop(): Promise<void>;
}

export interface Deployment {
  bundle: string;
  nodePath: string;
  environment: Record<string, string>;
  timeoutMs?: number;
}

interface Message {
  id?: number;
  result?: unknown;
  error?: string;
  loadMs?: number;
  node?: string;
}

/** A built bundle in a process of its own, with nothing in its environment but what a Lambda function has. */
export async function startFunction(deployment: Deployment): Promise<DeployedFunction> {
  const { bundle, nodePath, environment, timeoutMs = 60_000 } = deployment;
  const child = fork(path.join(import.meta.dirname, 'lambda-host.cjs'), [bundle], {
    execPath: nodePath,
    execArgv: ['--no-warnings'],
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = (code: number | null) => new Error(`the function ended with ${code}: ${errors}`);
  const { loadMs = 0, node = '' } = await answer(child, (message) => message.loadMs !== undefined, ended);
  let invocations = 0;
  return {
    loadMs,
    node,
    async invoke(event) {
      const id = ++invocations;
      child.send({ id, event, timeoutMs });
      const { result, error } = await answer(child, (message) => message.id === id, ended);
      if (error) throw new Error(error);
      return result;
    },
    log: () => output.split('\n').filter(Boolean),
    async stop() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function answer(
  child: ChildProcess,
  wanted: (message: Message) => boolean,
  ended: (code: number | null) => Error,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(ended(code));
    const onMessage = (message: unknown) => {
      if (!wanted(message as Message)) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message as Message);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}
