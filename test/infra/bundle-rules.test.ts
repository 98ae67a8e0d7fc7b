import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '../../infra/build/bundle.ts';
import { brokenRules, bundleRules } from '../../infra/build/bundle-rules.ts';
import { root } from './packaged-service.ts';

let folder: string;
beforeAll(() => {
  // Within the project, so that packages are found.
  folder = mkdtempSync(path.join(root, 'node_modules/.bundle-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dynamodb = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; export const db = new DynamoDBClient({});`;

async function broken(
  name: keyof typeof bundleRules,
  source: string,
  maxBytes = 5_000_000,
): Promise<string[]> {
  const entry = path.join(folder, 'entry.ts');
  writeFileSync(entry, `${dynamodb}\n${source}`);
  const built = await bundle(root, entry, path.join(folder, 'index.cjs'));
  return brokenRules(name, built, { ...bundleRules[name], maxBytes });
}

describe('a bundle may not hold', () => {
  it.each<[string, keyof typeof bundleRules, string, RegExp]>([
    [
      'every language of zod, by one stray import',
      'forward',
      `import { z } from 'zod'; export const x = z.string();`,
      /forward contains zod locales .*zod\/mini/,
    ],
    [
      'the full zod on the path of receive',
      'receive',
      `import * as z from 'zod'; export const x = z.string();`,
      /full zod/,
    ],
    [
      'the schemas of bridge.yml',
      'forward',
      `export { kindConfigs } from '${path.join(root, 'lib/adapters/destinations/kind-configs.ts')}';`,
      /forward contains the full zod/,
    ],
    [
      'the YAML parser',
      'sweep',
      `import { parse } from 'yaml'; export const x = parse('a: 1');`,
      /YAML parser/,
    ],
    [
      'another client on the path of receive',
      'receive',
      `import { SQSClient } from '@aws-sdk/client-sqs'; export const x = new SQSClient({});`,
      /client for another AWS service/,
    ],
    [
      'the worker on the path of receive',
      'receive',
      `export { createSweep } from '${path.join(root, 'lib/flow/sweep/sweep.ts')}';`,
      /code of the worker/,
    ],
    [
      "a laptop's code",
      'forward',
      `export { createTables } from '${path.join(root, 'lib/local/create-tables.ts')}';`,
      /code for a laptop/,
    ],
  ])('%s', async (_, name, source, message) => {
    expect((await broken(name, source)).join('\n')).toMatch(message);
  });

  it('more than its budget', async () => {
    expect(await broken('receive', '', 1_000)).toEqual([
      expect.stringMatching(/^receive weighs \d+ bytes, its budget is 1000 /),
    ]);
  });

  it('anything of this, and otherwise it is fine', async () => {
    expect(await broken('receive', `import * as z from 'zod/mini'; export const x = z.string();`)).toEqual(
      [],
    );
  });
});

it('an SDK that no longer imports what is left out fails the build, so that it cannot come back unnoticed', async () => {
  const entry = path.join(folder, 'without-sdk.ts');
  writeFileSync(entry, 'export const handler = 1;');
  await expect(bundle(root, entry, path.join(folder, 'without-sdk.cjs'))).rejects.toThrow(
    /no longer imports what infra\/build\/leave-out.ts leaves out: credential provider chain, event streams/,
  );
});
