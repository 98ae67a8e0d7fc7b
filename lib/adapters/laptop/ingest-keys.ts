import type { BridgeConfig } from '../config/bridge-config.ts';
import type { LocalSettings } from '../config/environment.ts';
import { type KeptSecret, secretOf } from './kept-secret.ts';

/** Reports are taken on a laptop whatever the file says: whoever has it in front of them may try it. */
const usual = { settle_minutes: 15 };

/**
 * The configuration with keys for `ingest`: the variables', else those that the file refers to, else some that are
 * made for the data folder. `made` holds the latter, by the variables that refer to them.
 */
export async function withIngestKeys(config: BridgeConfig, settings: LocalSettings) {
  const { ingestApiKeys, ingestApplicationKeys, dataDir } = settings;
  const made: Record<string, string> = {};
  const keysOf = async (
    inFile: string | undefined,
    inVariable: string[] | undefined,
    variable: string,
    name: KeptSecret,
  ) => {
    // A laptop without AWS cannot read ssm: references; they are for the deployment.
    if (inVariable === undefined && inFile?.startsWith('env:')) return inFile;
    if (inVariable === undefined) made[variable] = await secretOf(dataDir, name);
    return `env:${variable}`;
  };
  const { api_keys, application_keys } = config.ingest ?? {};
  const ingest = {
    ...usual,
    ...config.ingest,
    api_keys: await keysOf(api_keys, ingestApiKeys, apiVariable, 'ingest-api-key'),
    application_keys: await keysOf(
      application_keys,
      ingestApplicationKeys,
      applicationVariable,
      'ingest-application-key',
    ),
  };
  return {
    config: { ...config, ingest },
    made,
    generatedKeys: {
      ...(made[apiVariable] !== undefined && { api: made[apiVariable] }),
      ...(made[applicationVariable] !== undefined && { application: made[applicationVariable] }),
    },
  };
}

const apiVariable = 'BRIDGE_INGEST_API_KEYS';
const applicationVariable = 'BRIDGE_INGEST_APPLICATION_KEYS';
