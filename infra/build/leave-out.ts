import type { Plugin } from 'esbuild';

interface Omission {
  /** The module as the SDK imports it. */
  module: RegExp;
  instead: string;
}

/**
 * Parts of the SDK that no Lambda function of ours can reach but every cold start would pay for. Each is imported
 * unconditionally, so tree shaking cannot remove it. Sizes and times are of the `receive` bundle.
 */
const omissions: Record<string, Omission> = {
  /** SSO, profiles, web identity, instance metadata: a Lambda has its role's credentials in the environment. 135 KB, 14 ms. */
  'credential provider chain': {
    module: /^@aws-sdk\/credential-provider-node$/,
    instead: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
  },
  /** DynamoDB's PutItem and its like have no event streams. 20 KB, 4 ms. */
  'event streams': {
    module: /^@smithy\/core\/event-streams$/,
    instead: `export class EventStreamSerde { constructor() { throw new Error('event streams are left out of this bundle'); } }`,
  },
  /** Finding a regional endpoint by asking for it, off by default and used by Timestream only. 8 KB with its cache. */
  'endpoint discovery': {
    module: /^@aws-sdk\/middleware-endpoint-discovery$/,
    instead: `
      const never = () => undefined;
      export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: never, configFileSelector: never, default: false };
      export const resolveEndpointDiscoveryConfig = (config) => config;
      export const getEndpointDiscoveryPlugin = () => ({ applyToStack() {} });`,
  },
};

/**
 * Replaces the omissions, and fails when one of them is no longer met: an SDK that has moved a module must not
 * bring it back unnoticed.
 */
export function leaveOut(resolveDir: string): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      const met = new Set<string>();
      build.onStart(() => met.clear());
      for (const [name, { module, instead }] of Object.entries(omissions)) {
        build.onResolve({ filter: module }, () => {
          met.add(name);
          return { path: name, namespace: 'left-out', sideEffects: false };
        });
        build.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'left-out' }, () => ({
          contents: instead,
          resolveDir,
        }));
      }
      build.onEnd(() => {
        const missed = Object.keys(omissions).filter((name) => !met.has(name));
        if (missed.length === 0) return {};
        const text = `the AWS SDK no longer imports what infra/build/leave-out.ts leaves out: ${missed.join(', ')}`;
        return { errors: [{ text }] };
      });
    },
  };
}
