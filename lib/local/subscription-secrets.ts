import type { LocalConfig } from '../adapters/laptop/local-config.ts';
import { readSecretFile, subscriptionSecretsIn } from '../adapters/laptop/secret-file.ts';
import type { Secrets } from '../ports.ts';

/**
 * Beside the signing secrets of this machine, those that `pdbridge subscribe` has kept in the data folder, read at each
 * webhook: a new one counts from the moment it is stored. They are never printed.
 */
export function withSubscriptionSecrets(secrets: Secrets, { config }: LocalConfig, dataDir: string): Secrets {
  const signing = config.authenticate.signing_secrets;
  if (signing === undefined || dataDir === 'memory') return secrets;
  return {
    async read(reference, options) {
      const own = await secrets.read(reference, options);
      return reference === signing
        ? [...own, ...(await readSecretFile(subscriptionSecretsIn(dataDir)))]
        : own;
    },
  };
}
