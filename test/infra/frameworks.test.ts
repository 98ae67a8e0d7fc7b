import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  createWorkspace,
  isInstalled,
  root,
  type Workspace,
  whereInstalled,
  withEveryFunction,
} from './packaged-service.ts';

jest.setTimeout(180_000);

const run = promisify(execFile);
let workspace: Workspace;

beforeAll(async () => {
  workspace = createWorkspace();
  const { code, output } = await workspace.build(withEveryFunction);
  if (code !== 0) throw new Error(output);
});
afterAll(() => workspace.remove());

const frontDoors = ['http-api', 'function-url'];
/** With whatever is left out by default. */
const everything = ['--param', 'alarm_email=oncall@example.com'];
const packagedTemplate = () =>
  path.join(workspace.folder, '.serverless/cloudformation-template-update-stack.json');
const templates = (frontDoor: string) => path.join(workspace.folder, `${frontDoor}.json`);

describe.each(frontDoors)('with the front door %s', (frontDoor) => {
  const parameters = ['--param', `front_door=${frontDoor}`, '--param', 'reserved_concurrency=5'];
  let config: Record<string, unknown>;

  beforeAll(async () => {
    config = await resolved(parameters);
  });

  it('osls packages it without an account, and without a word about keys it does not know', async () => {
    const { code, output } = await workspace.osls('package', ...parameters, ...everything);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('Service packaged') });
    expect(output).not.toMatch(/warning|unsupported|unrecognized|deprecat/i);
    copyFileSync(packagedTemplate(), templates(frontDoor));
  });

  it.each([
    ['3', 'serverless-typescript-v3'],
    ['4', '@serverless/typescript'],
  ])('Serverless Framework %s knows every key, by its published types', async (version, types) => {
    expect(await typeErrors(types, forVersion(version, config))).toBe('');
  });

  it('which would find a key that one of them does not know', async () => {
    const odd = { ...forVersion('3', config), stages: {} };
    expect(await typeErrors('serverless-typescript-v3', odd)).toContain('stages');
  });
});

const cfnLint = isInstalled('cfn-lint', '--version');
it(whereInstalled(cfnLint, 'cfn-lint', 'cfn-lint finds no error and no warning'), async () => {
  if (!cfnLint) return;
  const { stdout } = await run('cfn-lint', frontDoors.map(templates));
  expect(stdout).toBe('');
});

/** serverless.yml with its fragments, as osls reads it, without what osls itself adds when it prints. */
async function resolved(parameters: string[]): Promise<Record<string, unknown>> {
  const { code, output } = await workspace.osls('print', '--format', 'json', ...parameters);
  if (code !== 0) throw new Error(output);
  const config = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  config.provider.deploymentBucket = config.provider.deploymentBucketObject;
  delete config.provider.deploymentBucketObject;
  delete config.package.artifactsS3KeyDirname;
  for (const fn of Object.values<Record<string, unknown>>(config.functions)) delete fn['name'];
  return config;
}

/** Version 3 had its last release before the current runtimes; it warns of them and deploys them all the same. */
function forVersion(version: string, config: Record<string, unknown>): Record<string, unknown> {
  if (version !== '3') return config;
  return { ...config, provider: { ...(config['provider'] as object), runtime: 'nodejs14.x' } };
}

/** What TypeScript has to say about the configuration, written as a literal so that no unknown key gets through. */
async function typeErrors(types: string, config: object): Promise<string> {
  const folder = mkdtempSync(path.join(root, 'node_modules/.framework-types-'));
  try {
    const file = path.join(folder, 'config.ts');
    writeFileSync(
      file,
      `import type { AWS } from '${types}';\nexport const config: AWS = ${JSON.stringify(config, null, 1)};\n`,
    );
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--ignoreConfig',
      '--moduleResolution',
      'bundler',
      '--module',
      'esnext',
    ];
    await run(path.join(root, 'node_modules/.bin/tsc'), [...options, file]);
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
