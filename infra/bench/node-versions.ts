import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface NodeBinary {
  major: number;
  path: string;
}

/** The Node that deployed functions run on; npm has it as a package, so nobody needs to install it. */
const deployed = 24;

let found: Promise<NodeBinary | undefined> | undefined;

/** This process's Node, and the deployed one if it is another and can be had. */
export async function nodeVersions(): Promise<NodeBinary[]> {
  const own: NodeBinary = { major: Number(process.versions.node.split('.')[0]), path: process.execPath };
  if (own.major === deployed) return [own];
  const other = await deployedNode();
  return other ? [own, other] : [own];
}

/** `undefined` when the package registry cannot be reached. */
export function deployedNode(): Promise<NodeBinary | undefined> {
  found ??= run('npx', ['--yes', `node@${deployed}`, '-p', 'process.execPath'], { timeout: 180_000 }).then(
    ({ stdout }) => ({ major: deployed, path: stdout.trim() }),
    () => undefined,
  );
  return found;
}
