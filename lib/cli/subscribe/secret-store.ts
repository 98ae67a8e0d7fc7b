import { parameterSecrets } from '../../adapters/aws/parameter-secrets.ts';
import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { readLocalSettings } from '../../adapters/config/environment.ts';
import { secretFile, subscriptionSecretsIn } from '../../adapters/laptop/secret-file.ts';
import type { SecretStore } from '../../ports.ts';
import { failed, type Io, wrongUsage } from '../io.ts';
import { defaultRegion, type TargetOptions } from '../target.ts';

/** Where the secret goes: where it is said, else where the target reads it. */
export async function secretStoreOf(
  options: TargetOptions & { store?: string },
  config: BridgeConfig,
  io: Io,
): Promise<SecretStore> {
  const { store, region } = options;
  if (store !== undefined) return named(store, region, io);
  const { endpointUrl, stage, tablePrefix } = options;
  const { dataDir } = readLocalSettings(io.environment);
  const here = endpointUrl === undefined && stage === undefined && tablePrefix === undefined;
  if (here && dataDir !== 'memory') return secretFile(subscriptionSecretsIn(dataDir));
  const reference = config.authenticate.signing_secrets;
  if (!here && reference?.startsWith('ssm:')) return named(reference, region, io);
  throw failed(
    'no_store',
    'Nothing says where the secret is to be kept: set authenticate.signing_secrets to ssm:/…, or give --store.',
  );
}

async function named(store: string, region: string | undefined, io: Io): Promise<SecretStore> {
  const [, kind, name = ''] = /^(ssm|file):(.+)$/.exec(store) ?? [];
  if (kind === 'file') return secretFile(name);
  if (kind !== 'ssm' || !/^\/[A-Za-z0-9_.\-/]+$/.test(name))
    throw wrongUsage('--store is ssm:/path/to/parameter or file:PATH.');
  return parameterSecrets(name, region ?? (await defaultRegion()), io.environment['AWS_ENDPOINT_URL_SSM']);
}
