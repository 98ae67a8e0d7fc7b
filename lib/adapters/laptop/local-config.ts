import type { BridgeConfig } from '../config/bridge-config.ts';
import { readConfigText } from '../config/config-text.ts';
import type { Environment, LocalSettings } from '../config/environment.ts';
import { fingerprintOf } from '../config/fingerprint.ts';
import { describeFault, parseBridgeConfig } from '../config/parse-bridge-config.ts';
import type { IngestConfig } from '../config-values/ingest.ts';
import { withIngestKeys } from './ingest-keys.ts';
import { secretOf } from './kept-secret.ts';
import { StartError } from './start-error.ts';

export interface LocalConfig {
  config: BridgeConfig & { ingest: IngestConfig };
  /** Of the file as it is. */
  fingerprint: string;
  /** What `env:NAME` refers to. */
  environment: Environment;
  /** The signing secret that was made for this data folder because nothing else authenticates webhooks here. */
  generatedSecret?: string;
  /** Likewise the keys of those who report, and of those who besides read and change. */
  generatedKeys: { api?: string; application?: string };
}

/** The configuration file, with the authenticators of this machine. */
export async function loadLocalConfig(settings: LocalSettings, outside: Environment): Promise<LocalConfig> {
  const file = await readConfigFile(settings.configFile);
  const { config, made, generatedKeys } = await withIngestKeys(file, settings);
  const environment = { ...outside, ...made };
  const fingerprint = fingerprintOf(file);
  const set = settings.signingSecrets !== undefined || settings.apiKeys !== undefined;
  const inFile = Object.values(config.authenticate);
  if (!set && inFile.length > 0 && inFile.every((reference) => reference.startsWith('env:'))) {
    return { config, fingerprint, environment, generatedKeys };
  }
  // A laptop without AWS cannot read ssm: references; they are for the deployment.
  const generated = set ? undefined : await secretOf(settings.dataDir, 'signing-secret');
  const signing = settings.signingSecrets !== undefined || generated !== undefined;
  const authenticate = {
    ...(signing && { signing_secrets: 'env:PAGERDUTY_SIGNING_SECRETS' }),
    ...(settings.apiKeys && { api_keys: 'env:BRIDGE_API_KEYS' }),
  };
  return {
    config: { ...config, authenticate },
    fingerprint,
    environment:
      generated === undefined ? environment : { ...environment, PAGERDUTY_SIGNING_SECRETS: generated },
    ...(generated !== undefined && { generatedSecret: generated }),
    generatedKeys,
  };
}

/** Throws a `StartError` that lists every fault. */
export async function readConfigFile(file: string): Promise<BridgeConfig> {
  const { text, fault } = readConfigText(file);
  if (text === undefined) {
    throw new StartError(
      'configuration',
      `The configuration ${fault}. BRIDGE_CONFIG or --config names another.`,
    );
  }
  const { config, faults = [] } = parseBridgeConfig(text);
  if (config) return config;
  const list = faults.map((fault) => `\n  ${describeFault(fault, file)}`).join('');
  throw new StartError('configuration', `The configuration has faults:${list}`);
}
