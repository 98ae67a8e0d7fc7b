import type { Bundle } from './bundle.ts';

/** What a function's bundle may weigh and may not hold. */
export interface BundleRules {
  maxBytes: number;
  forbidden: { what: string; input: RegExp; because: string }[];
}

const everywhere = [
  {
    what: 'zod locales',
    input: /node_modules\/zod\/.*\/locales\/(?!en\.)/,
    because: `some file says import { z } from 'zod', which brings every language; say import * as z from 'zod/mini'`,
  },
  {
    what: 'credential providers a Lambda cannot use',
    input:
      /node_modules\/@aws-sdk\/(credential-provider-(node|sso|ini|process|web-identity|http|login)|nested-clients)\//,
    because: 'a Lambda has the credentials of its role in the environment',
  },
  {
    what: 'the YAML parser',
    input: /node_modules\/yaml\//,
    because: 'bridge.yml is compiled to bridge.json at build',
  },
  {
    what: 'the full zod',
    input: /node_modules\/zod\/v4\/classic\//,
    because: 'zod/mini does the same in a fifth, and bridge.yml was checked before it was compiled',
  },
  {
    what: 'code for a laptop',
    input: /(^|\/)lib\/(local|cli|adapters\/(laptop|terminal))\/|node_modules\/dynalite\//,
    because: 'it has no place on AWS',
  },
] as const satisfies BundleRules['forbidden'];

const onReceivesPath = 'every import in receive is paid for on the way to a 5-second deadline';

export type FunctionName = 'receive' | 'forward' | 'sweep' | 'catalog-sync' | 'ingest' | 'reconcile';

/** Budgets leave about 10 % above what the bundles weigh: growing further is a decision, not an accident. */
export const bundleRules: Record<FunctionName, BundleRules> = {
  receive: {
    maxBytes: 220_000,
    forbidden: [
      ...everywhere,
      {
        what: 'a client for another AWS service',
        input: /node_modules\/@aws-sdk\/(client-(?!dynamodb\/)|util-dynamodb\/)/,
        because: onReceivesPath,
      },
      {
        what: 'code of the worker',
        input:
          /(^|\/)lib\/(domain\/(catalog|matching|incident|destination)\/|adapters\/destinations\/|flow\/(?!receive\/))/,
        because: onReceivesPath,
      },
    ],
  },
  forward: {
    maxBytes: 660_000,
    forbidden: [
      ...everywhere,
      {
        what: 'code that asks git hosts',
        input: /(^|\/)lib\/adapters\/git-hosts\/(?!host-of\.)/,
        because: 'a batch of the stream must not wait for one: sweep asks',
      },
    ],
  },
  sweep: { maxBytes: 680_000, forbidden: everywhere },
  // Those who wait for it wait longer than PagerDuty, but some of them for every build.
  ingest: {
    maxBytes: 330_000,
    forbidden: [
      ...everywhere,
      {
        what: 'a client for another AWS service',
        input: /node_modules\/@aws-sdk\/client-(?!dynamodb\/)/,
        because: 'it writes down, others send',
      },
    ],
  },
  reconcile: { maxBytes: 285_000, forbidden: everywhere },
  // Woken once in hours, it reads definitions as the command line does.
  'catalog-sync': {
    maxBytes: 550_000,
    forbidden: everywhere.filter(({ what }) => what !== 'the YAML parser' && what !== 'the full zod'),
  },
};

/** One sentence for each broken rule. */
export function brokenRules(name: string, { bytes, metafile }: Bundle, rules: BundleRules): string[] {
  const contents = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );
  const weight =
    bytes > rules.maxBytes
      ? [`${name} weighs ${bytes} bytes, its budget is ${rules.maxBytes} (infra/build/bundle-rules.ts)`]
      : [];
  const intruders = rules.forbidden.flatMap(({ what, input, because }) => {
    const found = contents.find((file) => input.test(file));
    return found ? [`${name} contains ${what} (${found}): ${because}`] : [];
  });
  return [...weight, ...intruders];
}
