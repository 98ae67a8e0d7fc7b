import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createPackageCache } from './package-cache.ts';

const run = promisify(execFile);

export const root = path.resolve(import.meta.dirname, '../..');
const tool = (name: string) => path.join(root, 'node_modules/.bin', name);

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation as it comes; the tests say what they expect of it
export type Resource = { Type: string; Properties: any; [key: string]: any };

/** A configuration that asks for every function there is. */
export const withEveryFunction = `
authenticate: { signing_secrets: ssm:/pagerduty-bridge/signing-secrets }
destinations:
  - { name: screen, type: console }
catalog_sources:
  - { name: portal, type: backstage, url: "https://backstage.example.com", token: "ssm:/pagerduty-bridge/portal" }
ingest:
  api_keys: ssm:/pagerduty-bridge/ingest-api-keys
  application_keys: ssm:/pagerduty-bridge/ingest-application-keys
pagerduty: { token: "ssm:/pagerduty-bridge/pagerduty-token" }
`;

export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
  [key: string]: unknown;
}

export interface Outcome {
  code: number;
  output: string;
}

/** A copy of what packaging reads, so that tests neither disturb `dist/` nor each other. */
export interface Workspace {
  folder: string;
  build(config?: string, ...args: string[]): Promise<Outcome>;
  osls(...args: string[]): Promise<Outcome>;
  packageTemplate(...args: string[]): Promise<Template>;
  remove(): void;
}

export function createWorkspace(): Workspace {
  const outer = mkdtempSync(path.join(tmpdir(), 'bridge-package-'));
  const folder = path.join(outer, 'service');
  // osls reads the folder of every package there is, to leave all of them out: half of its time. So Node finds them
  // a floor above, and osls one to leave out.
  symlinkSync(path.join(root, 'node_modules'), path.join(outer, 'node_modules'));
  mkdirSync(path.join(folder, 'node_modules/a-package'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/a-package/index.js'), '');
  for (const name of ['serverless.yml', 'package.json'])
    cpSync(path.join(root, name), path.join(folder, name));
  cpSync(path.join(root, 'infra'), path.join(folder, 'infra'), { recursive: true });
  for (const name of ['lib', 'functions']) {
    symlinkSync(path.join(root, name), path.join(folder, name));
  }
  // No account, no credentials, no region: packaging must need none of them.
  const env = {
    PATH: process.env['PATH'],
    HOME: outer,
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_TELEMETRY_DISABLED: '1',
    // The schema of serverless.yml, compiled: 4 s of processor time in each new home. Kept by its content.
    SLS_SCHEMA_CACHE_BASE_DIR: path.join(root, 'node_modules/.cache/osls'),
    npm_config_update_notifier: 'false',
  };
  const command = async (file: string, args: string[]): Promise<Outcome> => {
    try {
      const { stdout, stderr } = await run(file, args, { cwd: folder, env, maxBuffer: 1 << 26 });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  };
  const osls = (...args: string[]) => command(tool('osls'), args);
  const made = createPackageCache(root);
  return {
    folder,
    build(config, ...args) {
      if (config !== undefined) writeFileSync(path.join(folder, 'infra/bridge.yml'), config);
      const build = () => command(tool('tsx'), ['infra/build.ts', ...args]);
      return args.length > 0 ? build() : made.through(folder, 'dist', 'build', build);
    },
    osls,
    async packageTemplate(...args) {
      const what = ['package', ...args];
      const { code, output } = await made.through(folder, '.serverless', what.join(' '), () => osls(...what));
      if (code !== 0) throw new Error(output);
      const file = path.join(folder, '.serverless/cloudformation-template-update-stack.json');
      return JSON.parse(readFileSync(file, 'utf8'));
    },
    remove: () => rmSync(outer, { recursive: true, force: true }),
  };
}

/** The logical ids of resources begin with a capital: `events` is the EventsTable. */
export const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The file names in a zip archive, from its central directory. */
export function namesInZip(zip: Buffer): string[] {
  const names: string[] = [];
  const signature = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 46)) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names;
}

/** Whether a program that nobody needs for the tests is there, and works. */
export function isInstalled(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/** A name that says why nothing was checked, for programs that may be missing. */
export function whereInstalled(installed: boolean, program: string, name: string): string {
  if (!installed) console.warn(`${program} is not installed: "${name}" is not checked`);
  return installed ? name : `NOT CHECKED, ${program} is not installed: ${name}`;
}

/** Every action a role may do, with the resources as text, from its own policies and those beside it. */
export function permissionsOf(template: Template, role: string): { action: string; resource: string }[] {
  const beside = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::IAM::Policy' && Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role),
  );
  const documents = [
    ...(template.Resources[role]?.Properties.Policies ?? []),
    ...beside.map(({ Properties }) => Properties),
  ].map(({ PolicyDocument }) => PolicyDocument);
  return documents
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ Effect, Action, Resource }) => {
      if (Effect !== 'Allow') throw new Error('only Allow is expected');
      return [Action]
        .flat()
        .flatMap((action: string) =>
          [Resource].flat().map((resource: unknown) => ({ action, resource: resourceText(resource) })),
        );
    });
}

/** `{Fn::GetAtt: [EventsTable, Arn]}` and `{Fn::Sub: '${EventsTable.Arn}/index/due'}` in one notation. */
function resourceText(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { 'Fn::GetAtt': attribute, 'Fn::Sub': text } = resource as {
    'Fn::GetAtt'?: string[];
    'Fn::Sub'?: string;
  };
  if (attribute) return attribute.join('.');
  if (text) return text.replace(/^\$\{(\w+\.\w+)\}/, '$1');
  throw new Error(`an unexpected resource: ${JSON.stringify(resource)}`);
}
