import { Readable } from 'node:stream';
import { runCli } from '../../lib/cli/main.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** The output as JSON. */
  json(): unknown;
}

export interface Surroundings {
  environment?: Record<string, string>;
  columns?: number;
  now?: number;
  /** What comes on standard input. */
  input?: string;
}

/** Runs the command line in this process, on a terminal of its own; nothing of this machine's environment leaks in. */
export async function pdbridge(
  args: string[],
  { environment = {}, columns, now, input = '' }: Surroundings = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    input: Readable.from([Buffer.from(input)]),
    ...(columns !== undefined && { columns }),
    environment,
    now: () => now ?? Date.now(),
  });
  return { code, out, err, json: () => JSON.parse(out) };
}
