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

const parametersOf = (frontDoor: string) => [
  '--param',
  `front_door=${frontDoor}`,
  '--param',
  'reserved_concurrency=5',
];

it.each(frontDoors)(
  'osls packages the front door %s without an account, and without a word about keys it does not know',
  async (frontDoor) => {
    const { code, output } = await workspace.osls('package', ...parametersOf(frontDoor), ...everything);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('Service packaged') });
    expect(output).not.toMatch(/warning|unsupported|unrecognized|deprecat/i);
    copyFileSync(packagedTemplate(), templates(frontDoor));
  },
);

describe('the published types of Serverless Framework', () => {
  const versions = [
    ['3', 'serverless-typescript-v3'],
    ['4', '@serverless/typescript'],
  ] as const;
  const nameOf = (version: string, frontDoor: string) => `v${version}-${frontDoor}`;
  /** By name of the configuration; none for one without a fault. */
  let errors: Map<string, string[]>;

  beforeAll(async () => {
    const typed: Typed[] = [];
    for (const frontDoor of frontDoors) {
      const config = await resolved(parametersOf(frontDoor));
      for (const [version, types] of versions)
        typed.push({ name: nameOf(version, frontDoor), types, config: forVersion(version, config) });
    }
    const [first] = typed as [Typed];
    errors = await typeErrors([...typed, { ...first, name: 'odd', config: { ...first.config, stages: {} } }]);
  });

  it.each(frontDoors.flatMap((frontDoor) => versions.map(([version]) => [version, frontDoor] as const)))(
    '%s know every key with the front door %s',
    (version, frontDoor) => {
      expect(errors.get(nameOf(version, frontDoor))).toBeUndefined();
    },
  );

  it('would find a key that one of them does not know, and nothing else is wrong', () => {
    expect([...errors.keys()]).toEqual(['odd']);
    expect(errors.get('odd')?.join()).toContain('stages');
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

interface Typed {
  name: string;
  /** The package whose type it shall be of. */
  types: string;
  config: object;
}

/**
 * What TypeScript has to say about each, by its name, or by none what is about none of them. They are written as
 * literals so that no unknown key gets through.
 */
async function typeErrors(all: readonly Typed[]): Promise<Map<string, string[]>> {
  const folder = mkdtempSync(path.join(root, 'node_modules/.framework-types-'));
  try {
    const files = all.map(({ name, types, config }) => {
      const file = path.join(folder, `${name}.ts`);
      const literal = JSON.stringify(config, null, 1);
      writeFileSync(file, `import type { AWS } from '${types}';\nexport const config: AWS = ${literal};\n`);
      return file;
    });
    const strict = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--pretty', 'false'];
    const modules = ['--moduleResolution', 'bundler', '--module', 'esnext'];
    const tsc = path.join(root, 'node_modules/.bin/tsc');
    const output = await run(tsc, [...strict, ...modules, ...files]).then(
      ({ stdout }) => stdout,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
    const errors = new Map<string, string[]>();
    for (const line of output.split('\n').filter((each) => /^\S/.test(each))) {
      const name = all.find((each) => line.includes(`/${each.name}.ts(`))?.name ?? '';
      errors.set(name, [...(errors.get(name) ?? []), line]);
    }
    return errors;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
